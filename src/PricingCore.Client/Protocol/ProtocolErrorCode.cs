namespace PricingCore.Protocol;

/// <summary>Why a request, or the whole connection, failed. From 1 to 99 the server closes the connection; from 100 on it goes on.</summary>
public enum ProtocolErrorCode : ushort
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>A frame is not what this protocol says. Closes.</summary>
    Malformed = 1,

    /// <summary>A frame is longer than the server allows. Closes.</summary>
    TooLong = 2,

    /// <summary>The server speaks none of the client's versions. Closes.</summary>
    VersionNotSupported = 3,

    /// <summary>The first frame was not a hello, or a second one came. Closes.</summary>
    HelloExpected = 4,

    /// <summary>The credential is missing or wrong. Closes.</summary>
    Unauthenticated = 5,

    /// <summary>The server is stopping: connect again. Closes.</summary>
    Stopping = 6,

    /// <summary>No hello came in time, or nothing was sent or read for too long. Closes.</summary>
    TimedOut = 7,

    /// <summary>There are too many names, or one has a number out of order or is not legal. Closes.</summary>
    Names = 8,

    /// <summary>The credential does not allow this.</summary>
    Forbidden = 100,

    /// <summary>Too many requests: wait as long as the error says.</summary>
    RateLimited = 101,

    /// <summary>There are more entries in the frame than the server allows.</summary>
    TooMany = 102,

    /// <summary>A number of a name was never given one.</summary>
    UnknownName = 103,

    /// <summary>The subscription is not known, or there are too many.</summary>
    Subscription = 104,

    /// <summary>The frame's kind is not known to this server.</summary>
    UnknownKind = 105,

    /// <summary>The server failed in a way that it does not explain.</summary>
    Internal = 199,
}
