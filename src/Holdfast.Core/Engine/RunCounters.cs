using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;

namespace Holdfast.Core.Engine;

/// <summary>What a run counted and could not do. Written by several threads.</summary>
public sealed class RunCounters
{
    /// <summary>How many failures are kept by name; the rest is counted.</summary>
    public const int NamedFailures = 1000;

    private readonly List<RunFailure> _failures = [];
    private long _failureCount;
    private long _bytesDone;
    private long _filesDone;
    private long _vanished;
    private long _denied;
    private volatile Entry? _current;

    /// <summary>What the rules kept out.</summary>
    public ScanCounters Scan { get; } = new();

    /// <summary>Files of the source.</summary>
    public long Files { get; private set; }

    /// <summary>Folders of the source.</summary>
    public long Folders { get; private set; }

    /// <summary>Symlinks and special files of the source.</summary>
    public long Others { get; private set; }

    /// <summary>Bytes of the source's files.</summary>
    public long Bytes { get; private set; }

    /// <summary>Files left for a later run by a rule.</summary>
    public long Postponed { get; set; }

    /// <summary>Files whose contents were read so far.</summary>
    public long FilesDone => Interlocked.Read(ref _filesDone);

    /// <summary>Bytes read so far.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesDone);

    /// <summary>Paths that are missing from the run.</summary>
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

    /// <summary>Bytes of files the run is going to read, once the scan is over and that is known.</summary>
    public long? BytesToRead { get; set; }

    /// <summary>The file whose reading began last, for showing progress.</summary>
    public EntryPath? Current => _current?.Path;

    /// <summary>Counts an entry of the source.</summary>
    public void Count(Entry entry)
    {
        switch (entry.Type)
        {
            case EntryType.File:
                Files++;
                Bytes += entry.Size;
                break;
            case EntryType.Folder:
                Folders++;
                break;
            default:
                Others++;
                break;
        }
    }

    /// <summary>Names a path that is missing from the run, and why.</summary>
    /// <param name="path">The path.</param>
    /// <param name="reason">Why.</param>
    /// <param name="alsoBelow">How many paths below it are missing too, and only counted.</param>
    /// <param name="isDenied">True when it was a matter of permissions.</param>
    public void Fail(EntryPath path, string reason, long alsoBelow = 0, bool isDenied = false)
    {
        if (isDenied)
            Interlocked.Increment(ref _denied);
        Interlocked.Add(ref _failureCount, 1 + alsoBelow);
        lock (_failures)
            if (_failures.Count < NamedFailures)
                _failures.Add(new RunFailure(path, reason));
    }

    /// <summary>The same for a system call that failed.</summary>
    public void Fail(EntryPath path, FileSystemException error) => Fail(path, error.Message, isDenied: error.IsDenied);

    /// <summary>Of the paths that are missing, those that permissions keep from being read.</summary>
    public long Denied => Interlocked.Read(ref _denied);

    /// <summary>Files that went away between the scan and the reading; the next run sees them gone.</summary>
    public long VanishedFiles => Interlocked.Read(ref _vanished);

    internal void Vanished() => Interlocked.Increment(ref _vanished);

    /// <summary>Notes the file whose reading begins.</summary>
    public void Begin(Entry entry) => _current = entry;

    /// <summary>Counts bytes that were read.</summary>
    public void Read(long bytes) => Interlocked.Add(ref _bytesDone, bytes);

    /// <summary>Counts a file whose contents were read.</summary>
    public void FileDone() => Interlocked.Increment(ref _filesDone);
}
