namespace PricingCore.Forecasts.Models;

/// <summary>A file of a model package.</summary>
/// <param name="File">Its name inside the package, without a folder.</param>
/// <param name="Sha256">SHA-256 of its bytes: 64 lower-case hexadecimal digits.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ModelFile(string File, string Sha256);

/// <summary>The file that holds rows and the trainer's own answers to them.</summary>
/// <param name="File">Its name inside the package, without a folder.</param>
/// <param name="Sha256">SHA-256 of its bytes: 64 lower-case hexadecimal digits.</param>
/// <param name="Rows">Rows in it; 1 or more.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record GoldenFile(string File, string Sha256, int Rows);

/// <summary>The feature schema of a model.</summary>
/// <param name="Name">The schema's name.</param>
/// <param name="Hash">The schema's hash; see <see cref="Features.FeatureSchema.Hash"/>.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ModelSchema(string Name, string Hash);

/// <summary>The data that a model was trained on.</summary>
/// <param name="From">Receive time of the first event.</param>
/// <param name="To">Receive time of the last event.</param>
/// <param name="Rows">Feature rows made of them.</param>
/// <param name="Events">Events read.</param>
/// <param name="DataSha256">SHA-256 of the events as they were read: 64 lower-case hexadecimal digits.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ModelTraining(DateTimeOffset From, DateTimeOffset To, long Rows, long Events, string DataSha256);

/// <summary>The errors of a model and of the baselines for one horizon, all on the same held-out rows.</summary>
/// <param name="HorizonMinutes">The horizon, in minutes.</param>
/// <param name="Rows">Held-out rows that were compared.</param>
/// <param name="Model">The model's errors.</param>
/// <param name="Baselines">The errors of each baseline: <c>same_hour_last_week</c>, <c>mean_of_four_weeks</c>, <c>persistence</c>.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record HorizonMetrics(
    int HorizonMinutes, long Rows, ForecastErrors Model, IReadOnlyDictionary<string, ForecastErrors> Baselines);

/// <summary>How far forecasts were from what happened.</summary>
/// <param name="Wape">Sum of |error| over sum of demand; not a number when there was no demand.</param>
/// <param name="Mae">Mean |error|, in bookings within the horizon.</param>
/// <param name="Rmse">Square root of the mean squared error, in bookings within the horizon.</param>
/// <param name="Rmsle">Square root of the mean squared difference of log(1 + demand).</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ForecastErrors(double Wape, double Mae, double Rmse, double Rmsle);

/// <summary>How much one feature lowered the training error.</summary>
/// <param name="Feature">The feature's name.</param>
/// <param name="Gain">Its part of the whole gain, 0 to 1.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record FeatureGain(string Feature, double Gain);
