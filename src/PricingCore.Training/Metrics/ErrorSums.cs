using PricingCore.Forecasts.Models;

namespace PricingCore.Training.Metrics;

/// <summary>Adds up how far forecasts were from what happened.</summary>
/// <remarks>
/// WAPE = sum |f - y| / sum y; MAE = mean |f - y|; RMSE = sqrt(mean (f - y)^2); RMSLE = sqrt(mean (ln(1 + f) - ln(1 + y))^2).
/// </remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class ErrorSums(double unitsPerBooking = 1)
{
    private const int Decimals = 6; // More would differ between machines in their mathematics, and say nothing.

    private double _absolute;
    private double _squared;
    private double _squaredLog;
    private double _actual;

    public long Count { get; private set; }

    public double MeanActual => _actual / Count;

    /// <summary>Adds a forecast and what happened, in bookings.</summary>
    public void Add(float forecast, float actual) => AddUnits(forecast * unitsPerBooking, actual * unitsPerBooking);

    private void AddUnits(double forecast, double actual)
    {
        double error = forecast - actual;
        double logError = Math.Log(1 + Math.Max(0, forecast)) - Math.Log(1 + actual);
        _absolute += Math.Abs(error);
        _squared += error * error;
        _squaredLog += logError * logError;
        _actual += actual;
        Count++;
    }

    /// <summary>The errors, rounded to six decimals; not a number when nothing was added, the WAPE also when nothing happened.</summary>
    public ForecastErrors ToErrors() => new(
        Wape: Rounded(_actual == 0 ? double.NaN : _absolute / _actual),
        Mae: Rounded(_absolute / Count),
        Rmse: Rounded(Math.Sqrt(_squared / Count)),
        Rmsle: Rounded(Math.Sqrt(_squaredLog / Count)));

    private static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, Decimals) : value;
}
