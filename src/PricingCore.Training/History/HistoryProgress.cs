namespace PricingCore.Training.History;

/// <summary>How far the reading of a history has come.</summary>
/// <param name="Events">Events read.</param>
/// <param name="Rows">Rows sampled.</param>
/// <param name="At">Receive time of the latest event.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct HistoryProgress(long Events, int Rows, DateTimeOffset At);
