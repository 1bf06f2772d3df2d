namespace PricingCore.Protocol;

/// <summary>What a frame is. Requests are below 128; the answer to a request is its number and 128.</summary>
public enum FrameKind : byte
{
    /// <summary>No frame; refused.</summary>
    None = 0,

    /// <summary>Client: the first frame of a connection.</summary>
    Hello = 1,

    /// <summary>Client: gives names to numbers; has no answer.</summary>
    Names = 2,

    /// <summary>Client: events.</summary>
    Publish = 3,

    /// <summary>Client: one quote, with everything that led to it.</summary>
    Quote = 4,

    /// <summary>Client: many quotes.</summary>
    QuoteBatch = 5,

    /// <summary>Client: tell me when these prices change.</summary>
    Subscribe = 6,

    /// <summary>Client: no more of a subscription.</summary>
    Unsubscribe = 7,

    /// <summary>Client: are you there?</summary>
    Ping = 8,

    /// <summary>Server: the version and the limits of the connection.</summary>
    Welcome = 129,

    /// <summary>Server: how many events were taken, and why the others were not.</summary>
    Published = 131,

    /// <summary>Server: one quote.</summary>
    Quoted = 132,

    /// <summary>Server: many quotes, in the order of the request.</summary>
    QuotedBatch = 133,

    /// <summary>Server: the subscription holds from now on.</summary>
    Subscribed = 134,

    /// <summary>Server: the subscription has ended; no price follows.</summary>
    Unsubscribed = 135,

    /// <summary>Server: I am.</summary>
    Pong = 136,

    /// <summary>Server: prices that have changed; its correlation id is the subscription's.</summary>
    Prices = 137,

    /// <summary>Server: a request failed; or, with correlation id 0, the connection did.</summary>
    Error = 255,
}
