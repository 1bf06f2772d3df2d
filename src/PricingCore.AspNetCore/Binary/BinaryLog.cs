using Microsoft.Extensions.Logging;
using PricingCore.Protocol;

namespace PricingCore.AspNetCore.Binary;

/// <summary>What the binary protocol tells an operator. Event ids from 4,000. Never a credential, an address or an id of a user.</summary>
internal static partial class BinaryLog
{
    [LoggerMessage(4_000, LogLevel.Warning, "Connection {Connection}: the credential was refused.")]
    public static partial void Refused(ILogger logger, string connection);

    [LoggerMessage(4_001, LogLevel.Information, "Connection {Connection} ends: {Code}.")]
    public static partial void Broken(ILogger logger, string connection, ProtocolErrorCode code);

    [LoggerMessage(4_002, LogLevel.Information, "Connection {Connection} is cut off: no hello, silent, or not reading for too long.")]
    public static partial void CutOff(ILogger logger, string connection);

    [LoggerMessage(4_003, LogLevel.Warning, "There are {Connections} connections, as many as allowed: another one is closed.")]
    public static partial void TooMany(ILogger logger, int connections);

    [LoggerMessage(4_004, LogLevel.Error, "Connection {Connection} has failed.")]
    public static partial void Failed(ILogger logger, string connection, Exception failure);
}
