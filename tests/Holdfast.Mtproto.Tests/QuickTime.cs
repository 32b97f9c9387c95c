namespace Holdfast.Mtproto.Tests;

/// <summary>A clock that is off by some time, and whose timers are a hundred times as quick.</summary>
internal sealed class QuickTime(TimeSpan offset = default, int factor = 100) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        // Only waits of a second and more are shortened: connections keep their rhythm.
        base.CreateTimer(callback, state, dueTime >= TimeSpan.FromSeconds(1) && period == Timeout.InfiniteTimeSpan ? dueTime / factor : dueTime, period);
}

/// <summary>A clock that is off by some time.</summary>
internal sealed class WrongTime(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}
