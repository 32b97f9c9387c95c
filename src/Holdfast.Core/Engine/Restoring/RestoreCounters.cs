using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>What a restore counted and could not do; its progress while it runs. Written by several threads.</summary>
public sealed class RestoreCounters
{
    private readonly List<RunFailure> _failures = [];
    private readonly long[] _actions = new long[Enum.GetValues<RestoreAction>().Length];
    private long _failureCount, _filesDone, _bytesRead, _bytesWritten, _verified, _bytesVerified;

    /// <summary>Paths that were not there before.</summary>
    public long Created => Of(RestoreAction.Create);

    /// <summary>Paths whose contents or type were replaced.</summary>
    public long Replaced => Of(RestoreAction.Replace);

    /// <summary>Paths of which only metadata was set.</summary>
    public long MetadataSet => Of(RestoreAction.SetMetadata);

    /// <summary>Paths that were there already.</summary>
    public long Unchanged => Of(RestoreAction.Nothing);

    /// <summary>Other things that stayed, by the overwrite mode.</summary>
    public long Kept => Of(RestoreAction.Keep);

    /// <summary>Paths removed because the snapshot does not have them, folders not counted.</summary>
    public long Removed => Of(RestoreAction.Remove);

    /// <summary>Files written so far.</summary>
    public long FilesDone => Interlocked.Read(ref _filesDone);

    /// <summary>Bytes read from the place and from files compared by contents.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Bytes of the files written so far, holes and shared blocks included.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesWritten);

    /// <summary>Files read back and found right.</summary>
    public long Verified => Interlocked.Read(ref _verified);

    /// <summary>Bytes read back.</summary>
    public long BytesVerified => Interlocked.Read(ref _bytesVerified);

    /// <summary>Selected entries of the snapshot, folders not counted.</summary>
    public long Files { get; internal set; }

    /// <summary>Files found under the restored paths before, removed ones among them.</summary>
    internal long Present { get; set; }

    /// <summary>Paths that could not be restored.</summary>
    public long FailureCount => Interlocked.Read(ref _failureCount);

    /// <summary>The first of them, by name.</summary>
    public IReadOnlyList<RunFailure> Failures
    {
        get
        {
            lock (_failures)
                return [.. _failures];
        }
    }

    /// <summary>How many paths an action concerned.</summary>
    public long Of(RestoreAction action) => Interlocked.Read(ref _actions[(int)action]);

    internal void Count(RestoreAction action) => Interlocked.Increment(ref _actions[(int)action]);

    /// <summary>Counts what becomes of a path; in a dry run it is told as well.</summary>
    internal void Note(EntryPath path, RestoreAction action, RestoreOptions options)
    {
        Count(action);
        if (options.DryRun && action is not (RestoreAction.Nothing or RestoreAction.Keep))
            options.OnPlanned?.Invoke(path, action);
    }

    internal void Read(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    internal void ReadBack(long bytes) => Interlocked.Add(ref _bytesVerified, bytes);

    internal void FileVerified() => Interlocked.Increment(ref _verified);

    internal void FileDone(long bytes)
    {
        Interlocked.Increment(ref _filesDone);
        Interlocked.Add(ref _bytesWritten, bytes);
    }

    internal void Fail(EntryPath path, string reason)
    {
        Interlocked.Increment(ref _failureCount);
        lock (_failures)
            if (_failures.Count < RunCounters.NamedFailures)
                _failures.Add(new RunFailure(path, reason));
    }
}
