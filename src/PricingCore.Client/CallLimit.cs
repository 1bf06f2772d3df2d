namespace PricingCore.Client;

/// <summary>Ends a call when it takes too long, or when its caller says so.</summary>
internal sealed class CallLimit : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource? _either;

    public CallLimit(PricingClientOptions options, CancellationToken cancellationToken)
    {
        _timeout = options.CallTimeout;
        _late = new CancellationTokenSource(options.CallTimeout, options.TimeProvider);
        _either = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(_late.Token, cancellationToken) : null;
    }

    public CancellationToken Token => _either?.Token ?? _late.Token;

    /// <summary>What the caller is told.</summary>
    public Exception Explain() =>
        _late.IsCancellationRequested
            ? new PricingConnectionException(FormattableString.Invariant($"There was no answer within {_timeout.TotalSeconds} s."))
            : new ObjectDisposedException(nameof(PricingClient));

    public void Dispose()
    {
        _either?.Dispose();
        _late.Dispose();
    }
}
