namespace PricingCore.Client;

/// <summary>Lets so many items in at a time; who finds no room waits, first come first served.</summary>
/// <remarks>A caller that asks for more than there ever is gets in when nobody else is in.</remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class InFlightGate(int capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(int Items, TaskCompletionSource Entered)> _waiting = [];
    private int _items;

    /// <summary>Waits for room and takes it.</summary>
    public Task EnterAsync(int items, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && HasRoom(items))
            {
                _items += items;
                return Task.CompletedTask;
            }

            var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            LinkedListNode<(int, TaskCompletionSource)> place = _waiting.AddLast((items, entered));
            return cancellationToken.CanBeCanceled ? WaitAsync(place, entered.Task, cancellationToken) : entered.Task;
        }
    }

    /// <summary>Gives room back.</summary>
    public void Exit(int items)
    {
        lock (_lock)
        {
            _items -= items;
            LetIn();
        }
    }

    private bool HasRoom(int items) => _items == 0 || items <= capacity - _items;

    private void LetIn()
    {
        while (_waiting.First is { } first && HasRoom(first.Value.Items))
        {
            _waiting.RemoveFirst();
            _items += first.Value.Items;
            first.Value.Entered.SetResult();
        }
    }

    private async Task WaitAsync(LinkedListNode<(int Items, TaskCompletionSource Entered)> place, Task entered, CancellationToken cancellationToken)
    {
        try
        {
            await entered.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (entered.IsCompleted)
                {
                    _items -= place.Value.Items; // It was let in while it gave up.
                }
                else
                {
                    _waiting.Remove(place);
                }

                LetIn();
            }

            throw;
        }
    }
}
