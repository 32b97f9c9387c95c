using System.Runtime.ExceptionServices;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>One target during a run. When it fails it takes no further part; the others go on.</summary>
internal sealed class TargetSlot(IBackupTarget target, IBackupRun run)
{
    public IBackupTarget Target => target;

    public IBackupRun Run => run;

    /// <summary>Why the target failed, or null.</summary>
    public Exception? Failure { get; private set; }

    public bool IsAlive => Failure is null;

    /// <summary>The first failure counts; what follows is its consequence.</summary>
    public void Fail(Exception e)
    {
        lock (this)
            Failure ??= e;
    }

    /// <summary>Ends the part of each, also when one cannot end its own well: a lock that stays held keeps everybody else out.</summary>
    public static async Task DisposeAsync(IReadOnlyList<TargetSlot> slots)
    {
        ExceptionDispatchInfo? first = null;
        foreach (var slot in slots)
        {
            try
            {
                await slot.Run.DisposeAsync();
            }
            catch (Exception e)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }
        first?.Throw();
    }

    /// <summary>Asks the target something; an error of the target ends its part, not the run, and the answer is the default.</summary>
    public T? Try<T>(Func<IBackupRun, T> question)
    {
        try
        {
            return question(run);
        }
        catch (Exception e) when (e is FileSystemException or HoldfastException or IOException)
        {
            Fail(e);
            return default;
        }
    }

    /// <summary>
    /// Runs one step for one path; when the target cannot hold the path, why. Any other error of the target ends its part.
    /// </summary>
    public async ValueTask<string?> TryHoldAsync(Func<ValueTask> step)
    {
        // Runs several times for every file: as few steps that wait, one inside the other, as can be.
        if (!IsAlive)
            return null;
        try
        {
            await step();
            return null;
        }
        catch (NotHeldException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is FileSystemException or HoldfastException or IOException)
        {
            Fail(e);
            return null;
        }
    }

    /// <summary>Runs one step against the target; an error of the target ends its part, not the run.</summary>
    public async ValueTask TryAsync(Func<ValueTask> step)
    {
        if (!IsAlive)
            return;
        try
        {
            await step();
        }
        catch (Exception e) when (e is FileSystemException or HoldfastException or IOException)
        {
            Fail(e);
        }
    }
}
