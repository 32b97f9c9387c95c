using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Testing.Faults;

/// <summary>
/// What goes wrong, and the folder in which it does. Shared by all folders opened through it, so that calls are counted over
/// all of them; used by many threads at once.
/// </summary>
public sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<(FaultRule Rule, StrongBox Calls)> _rules = [];
    private readonly List<(Func<EntryPath, bool> Path, int At, Action Hook, StrongBox Calls)> _readHooks = [];
    private readonly List<(Func<EntryPath, bool> Path, int Bytes)> _shortReads = [];
    private readonly List<IDisposable> _locks = [];
    private int _crashAt = int.MaxValue;
    private int _mutations;
    private bool _crashed;

    /// <summary>Mutations asked for so far. Run once without a crash to learn how many there are to crash at.</summary>
    public int Mutations
    {
        get
        {
            lock (_lock)
                return _mutations;
        }
    }

    /// <summary>True when the crash has happened.</summary>
    public bool HasCrashed
    {
        get
        {
            lock (_lock)
                return _crashed;
        }
    }

    /// <summary>Puts the faults around a folder. Everything opened through it has them too.</summary>
    public IFolder Around(IFolder folder) => new FaultyFolder(this, folder, EntryPath.Root);

    /// <summary>Opens a folder of this machine with the faults around it; paths in rules are relative to it. Fits a <c>Func&lt;string, IFolder&gt;</c>.</summary>
    public IFolder Open(string path) => Around(LocalFolders.Open(path));

    /// <summary>Adds a rule.</summary>
    public FaultPlan Fail(FaultRule rule)
    {
        lock (_lock)
            _rules.Add((rule, new StrongBox()));
        return this;
    }

    /// <summary>Fails every call of an operation on the paths.</summary>
    public FaultPlan Fail(FolderOperation operation, Errno error, Func<EntryPath, bool>? path = null) =>
        Fail(new FaultRule { Operation = operation, Error = error, Path = path });

    /// <summary>
    /// The process dies at its <paramref name="mutation"/>-th mutation, counted from 1, before it takes effect. After that
    /// every operation throws <see cref="CrashException"/>, nothing takes effect, and its locks are free.
    /// </summary>
    public FaultPlan CrashAt(int mutation)
    {
        lock (_lock)
            _crashAt = mutation;
        return this;
    }

    /// <summary>Calls the hook before the <paramref name="read"/>-th read, counted from 1, of files at the paths; once.</summary>
    public FaultPlan OnRead(Func<EntryPath, bool> path, int read, Action hook)
    {
        lock (_lock)
            _readHooks.Add((path, read, hook, new StrongBox()));
        return this;
    }

    /// <summary>Files at the paths seem to end after so many bytes, whatever their size says: as one that shrinks while it is read.</summary>
    public FaultPlan EndReadsAt(Func<EntryPath, bool> path, int bytes)
    {
        lock (_lock)
            _shortReads.Add((path, bytes));
        return this;
    }

    /// <summary>Everything works again; the counters go on.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            _rules.Clear();
            _readHooks.Clear();
            _shortReads.Clear();
            _crashAt = int.MaxValue;
            _crashed = false;
        }
    }

    internal FileSystemException? Before(FolderOperation operation, string display, EntryPath path, EntryPath? other, out FileSystemException? after)
    {
        after = null;
        lock (_lock)
        {
            Count(operation, path);
            foreach (var (rule, calls) in _rules)
            {
                if (rule.Operation is { } wanted && wanted != operation)
                    continue;
                if (rule.Path is { } matches && !matches(path) && !(other is { } second && matches(second)))
                    continue;
                calls.Value++;
                if (calls.Value < rule.From || calls.Value - rule.From >= rule.Times)
                    continue;
                var error = new FileSystemException($"{operation} (a fault made by the test)", $"{display}/{path}", rule.Error);
                if (!rule.AfterTheEffect)
                    return error;
                after = error;
                return null;
            }
        }
        return null;
    }

    internal void BeforeRead(EntryPath path)
    {
        var due = new List<Action>();
        lock (_lock)
            foreach (var (matches, at, hook, calls) in _readHooks)
                if (matches(path) && ++calls.Value == at)
                    due.Add(hook);
        due.ForEach(hook => hook());
    }

    internal int? EndOfReads(EntryPath path)
    {
        lock (_lock)
            foreach (var (matches, bytes) in _shortReads)
                if (matches(path))
                    return bytes;
        return null;
    }

    internal void Holds(IDisposable held)
    {
        lock (_lock)
            _locks.Add(held);
    }

    private void Count(FolderOperation operation, EntryPath path)
    {
        if (operation >= FolderOperation.CreateFile && !_crashed && ++_mutations >= _crashAt)
        {
            _crashed = true;
            _locks.ForEach(held => held.Dispose());
            _locks.Clear();
        }
        if (_crashed)
            throw new CrashException($"The process died: {operation} of '{path}' at mutation {_mutations} did not happen.");
    }

    private sealed class StrongBox
    {
        public int Value { get; set; }
    }
}
