using PricingCore.Rules;

namespace PricingCore.AspNetCore.Admin;

/// <summary>The rule sets that were in force, as far as this process has seen them, so that one can go back. One change at a time.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class RulesDesk(int capacity, TimeProvider time) : IDisposable
{
    private readonly LinkedList<PublishedRules> _history = new(); // Newest first.
    private readonly SemaphoreSlim _publishing = new(1);

    /// <summary>What came of asking for a change.</summary>
    public enum Change
    {
        /// <summary>The rules are in force.</summary>
        Made,

        /// <summary>Others are in force than the caller believes.</summary>
        Mismatch,

        /// <summary>There is no such rule set to go back to.</summary>
        NotFound,
    }

    /// <summary>The rule sets, newest first; the one in force is among them.</summary>
    public IReadOnlyList<PublishedRules> Read(PricingEngine engine)
    {
        lock (_history)
        {
            See(engine.Rules);
            return [.. _history];
        }
    }

    /// <summary>Publishes rules.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="expected">Whether the rules in force are those that the caller has seen.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">The engine is stopped, or a ring was full.</exception>
    public Task<Change> PublishAsync(PricingEngine engine, RuleSet rules, Predicate<RuleSet?> expected, CancellationToken cancellation) =>
        ChangeAsync(engine, () => rules, expected, cancellation);

    /// <summary>Goes back to a rule set of the history: the one with a version, or the one before.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="version">The version; null for the one before.</param>
    /// <param name="expected">Whether the rules in force are those that the caller has seen.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">The engine is stopped, or a ring was full.</exception>
    public Task<Change> RollBackAsync(PricingEngine engine, string? version, Predicate<RuleSet?> expected, CancellationToken cancellation) =>
        ChangeAsync(engine, () => Find(engine, version), expected, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _publishing.Dispose();

    private async Task<Change> ChangeAsync(PricingEngine engine, Func<RuleSet?> choose, Predicate<RuleSet?> expected, CancellationToken cancellation)
    {
        await _publishing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!expected(engine.Rules))
            {
                return Change.Mismatch;
            }

            lock (_history)
            {
                See(engine.Rules); // Before it is replaced, or it could not be gone back to.
            }

            if (choose() is not { } rules)
            {
                return Change.NotFound;
            }

            await engine.PublishRulesAsync(rules, cancellation).ConfigureAwait(false);
            lock (_history)
            {
                See(rules);
            }

            return Change.Made;
        }
        finally
        {
            _publishing.Release();
        }
    }

    private RuleSet? Find(PricingEngine engine, string? version)
    {
        string? current = engine.Rules?.Hash;
        lock (_history)
        {
            return _history.FirstOrDefault(published => published.Rules.Hash != current && (version is null || published.Rules.Version == version))?.Rules;
        }
    }

    private void See(RuleSet? rules)
    {
        if (rules is null || _history.First?.Value.Rules.Hash == rules.Hash)
        {
            return;
        }

        _history.AddFirst(new PublishedRules(rules, time.GetUtcNow()));
        while (_history.Count > capacity)
        {
            _history.RemoveLast();
        }
    }
}

/// <summary>A rule set, and when this process saw it come into force.</summary>
internal sealed record PublishedRules(RuleSet Rules, DateTimeOffset Since);
