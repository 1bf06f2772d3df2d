namespace PricingCore.Cli.Replay;

/// <summary>The command line of the replay of a journal, parsed.</summary>
/// <param name="Journal">The directory.</param>
/// <param name="Verify">Whether a difference fails the command.</param>
/// <param name="Rules">Rules in place of the journal's; null for those.</param>
/// <param name="Schema">The feature schema; null for the built-in one.</param>
/// <param name="Out">Where the decisions go; null for nowhere.</param>
/// <param name="Json">Whether the summary is for machines.</param>
internal sealed record JournalReplaySettings(string Journal, bool Verify, string? Rules, string? Schema, string? Out, bool Json);
