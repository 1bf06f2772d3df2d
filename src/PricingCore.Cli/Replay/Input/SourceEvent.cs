using PricingCore.Events;

namespace PricingCore.Cli.Replay.Input;

/// <summary>An event and the line it came from.</summary>
/// <param name="Event">The event.</param>
/// <param name="ReceivedAt">When it was received: as the file says, or when it happened.</param>
/// <param name="File">Number of the events file, from 0, in the order of the command line.</param>
/// <param name="Line">Number of the line, from 1.</param>
internal readonly record struct SourceEvent(MarketEvent Event, DateTimeOffset ReceivedAt, int File, long Line);
