using System.Security.Cryptography;

namespace Holdfast.Stores.Retrying;

/// <summary>How often something is tried and how long is waited between: twice as long each time, and at random, so that many who failed together do not come back together.</summary>
public sealed record Backoff
{
    /// <summary>Tries in all, the first included.</summary>
    public int Tries { get; init; } = 6;

    /// <summary>The longest first wait; the shortest is half of it.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>No wait is longer.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whose time is waited.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of each failure that is going to be tried again, and how long is waited before.</summary>
    public Action<StoreException, TimeSpan>? Failed { get; init; }

    /// <summary>Does something until it succeeds, fails for a reason that stays, or has been tried often enough; then throws the last failure.</summary>
    /// <param name="work">Is given how many tries there were before.</param>
    /// <param name="cancellationToken">Ends the waiting too.</param>
    public async Task<T> RunAsync<T>(Func<int, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var tried = 0; ; tried++)
        {
            try
            {
                return await work(tried);
            }
            catch (StoreException e) when (e.RetryHelps && tried + 1 < Tries)
            {
                await WaitAsync(e, tried, cancellationToken);
            }
        }
    }

    /// <summary>Waits before another try.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="tried">How many tries there were before the one that failed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal Task WaitAsync(StoreException failure, int tried, CancellationToken cancellationToken)
    {
        var wait = WaitAfter(tried, RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20));
        Failed?.Invoke(failure, wait);
        return Task.Delay(wait, Time, cancellationToken);
    }

    /// <summary>How long is waited.</summary>
    /// <param name="tried">How many tries there were before the one that failed.</param>
    /// <param name="chance">From 0 to 1.</param>
    internal TimeSpan WaitAfter(int tried, double chance)
    {
        var whole = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(tried, 30)));
        return TimeSpan.FromSeconds(whole * (0.5 + chance / 2));
    }
}
