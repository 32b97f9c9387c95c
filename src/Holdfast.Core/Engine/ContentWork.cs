using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>
/// The part of a plan item that reads: settles what is in doubt, recognises moved contents, and gives the bytes to every
/// target that wants them, reading the file once. One instance a worker.
/// </summary>
/// <param name="source">What is read.</param>
/// <param name="targets">What gets it.</param>
/// <param name="moves">What may have moved, by target.</param>
/// <param name="counters">Counts and names.</param>
/// <param name="mostBeforeTurn">Bytes of the largest file that every target takes before its turn; larger ones and those with holes wait for it.</param>
internal sealed class ContentWork(
    FileTreeSource source,
    IReadOnlyList<TargetSlot> targets,
    IReadOnlyList<MoveFinder> moves,
    RunCounters counters,
    long mostBeforeTurn = long.MaxValue) : IDisposable
{
    private const int Attempts = 3;

    private readonly ContentReading _reading = new(counters.Read);

    /// <summary>Does the work. Errors of the source are counted and named; errors of a target end that target.</summary>
    /// <param name="item">The work.</param>
    /// <param name="hash">What the file was hashed to just now; null when it was not.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<Outcome> DoAsync(PlanItem item, ContentId? hash, CancellationToken cancellationToken)
    {
        if (item.Source is not { } entry)
            return new Outcome(item, item.Changes, Failed: false);
        return await NamingErrorsAsync(item, () => DoAsync(item, entry, hash, cancellationToken));
    }

    /// <summary>
    /// Hashes the files of several items that a target far away may hold, so that it is asked about all of them at once. What
    /// cannot be read is left to its turn, which names the error.
    /// </summary>
    /// <returns>The hashes, one slot an item; null where nobody needs one yet.</returns>
    public async ValueTask<ContentId?[]> HashAheadAsync(IReadOnlyList<PlanItem> items, CancellationToken cancellationToken)
    {
        var hashes = new ContentId?[items.Count];
        for (var i = 0; i < hashes.Length; i++)
            if (items[i].Source is { Type: EntryType.File } entry && (entry.LinkedWith is not { } first || first == entry.Path) && MayBeHeld(items[i].Changes))
                try
                {
                    hashes[i] = await HashAsync(entry, cancellationToken);
                }
                catch (FileSystemException)
                {
                    // Its turn comes.
                }
        foreach (var target in targets)
            if (target is { IsAlive: true, Run.AsksFarAway: true })
                target.Try(run =>
                {
                    run.Expect([.. hashes.OfType<ContentId>()]);
                    return true;
                });
        return hashes;
    }

    private async ValueTask<Outcome> DoAsync(PlanItem item, Entry entry, ContentId? hash, CancellationToken cancellationToken)
    {
        if (entry.Type == EntryType.Folder)
            return new Outcome(item, WithEntry(item.Changes, NeedsAttributes(item) ? WithAttributesOrNone(entry) : entry), Failed: false);
        if (entry.Type != EntryType.File || (entry.LinkedWith is { } first && first != entry.Path))
            return new Outcome(item, WithEntry(item.Changes, NeedsAttributes(item) ? source.WithAttributes(entry) : entry), Failed: false);
        try
        {
            return await FileAsync(item, entry, hash, cancellationToken);
        }
        finally
        {
            for (var i = 0; i < item.Changes.Length; i++)
                if (item.Changes[i] is { } change)
                    targets[i].Run.Release(change);
        }
    }

    private async ValueTask<Outcome> NamingErrorsAsync(PlanItem item, Func<ValueTask<Outcome>> work)
    {
        try
        {
            return await work();
        }
        catch (FileSystemException e) when (e.IsNotFound && !source.Has(item.Path))
        {
            counters.Vanished();
            return Outcome.Unreadable(item);
        }
        catch (FileSystemException e)
        {
            counters.Fail(item.Path, e);
            return Outcome.Unreadable(item);
        }
    }

    public void Dispose() => _reading.Dispose();

    /// <summary>Reads and hashes a file of the source, for a name whose first name was not part of the plan.</summary>
    public async ValueTask<ContentId> HashAsync(Entry entry, CancellationToken cancellationToken)
    {
        using var file = source.OpenFile(entry.Path);
        return await _reading.ReadAsync(file, entry.Size, entry.IsSparse, take: null, cancellationToken);
    }

    private async ValueTask<Outcome> FileAsync(PlanItem item, Entry entry, ContentId? hash, CancellationToken cancellationToken)
    {
        counters.Begin(entry);
        var changes = (Change?[])item.Changes.Clone();
        if (hash is null && (item.InDoubt || MayHaveMoved(changes, entry) || MayBeHeld(changes)))
            hash = await HashAsync(entry, cancellationToken);
        for (var i = 0; i < changes.Length; i++)
            changes[i] = Settle(changes[i], i, entry, hash);
        entry = Reuse(changes, entry, hash);

        if (!changes.Any(c => c is { NeedsContent: true }))
        {
            if (NeedsAttributes(changes))
                entry = source.WithAttributes(entry);
            return new Outcome(item, WithEntry(changes, entry), Failed: false);
        }
        return await TransferAsync(item, changes, entry, cancellationToken, hash);
    }

    private bool MayBeHeld(Change?[] changes)
    {
        for (var i = 0; i < changes.Length; i++)
            if (changes[i] is { NeedsContent: true } change && targets[i].IsAlive && targets[i].Try(run => run.MayHoldContent(change)))
                return true;
        return false;
    }

    /// <summary>Lets targets take what an interrupted run left them, or what they hold under another name.</summary>
    private Entry Reuse(Change?[] changes, Entry entry, ContentId? hash)
    {
        for (var i = 0; i < changes.Length; i++)
        {
            if (changes[i] is not { NeedsContent: true } change || !targets[i].IsAlive || !targets[i].Run.MayReuse)
                continue;
            entry = source.WithAttributes(entry);
            if (targets[i].Try(run => run.TryReuse(change with { Entry = entry with { Content = hash } })) is { } content)
                changes[i] = change with { IsReused = true, Entry = entry with { Content = content } };
        }
        return entry;
    }

    /// <summary>A folder is made all the same, since what it holds needs a place.</summary>
    private Entry WithAttributesOrNone(Entry folder)
    {
        try
        {
            return source.WithAttributes(folder);
        }
        catch (FileSystemException e)
        {
            if (!e.IsNotFound)
                counters.Fail(folder.Path, e);
            return folder;
        }
    }

    private bool MayHaveMoved(Change?[] changes, Entry entry)
    {
        for (var i = 0; i < changes.Length; i++)
            if (changes[i] is { NeedsContent: true } && moves.Count > 0 && RenamedFrom(changes[i]!, i, entry) is null && moves[i].Possible(entry) is not null)
                return true;
        return false;
    }

    /// <summary>What a change is once the hash is known, or once the contents were recognised under another path.</summary>
    private Change? Settle(Change? change, int target, Entry entry, ContentId? hash)
    {
        if (change is null)
            return null;
        var then = change.Known?.Entry;
        if (change.Kind is ChangeKind.Refreshed or ChangeKind.Metadata)
        {
            var same = hash is null || hash == then?.Content;
            return same ? change with { Entry = entry with { Content = then?.Content } } : change with { Kind = ChangeKind.Changed };
        }
        if (moves.Count == 0)
            return change;
        if (RenamedFrom(change, target, entry) is { } certain && certain.Path != entry.Path && moves[target].TryTake(certain, entry.Path))
            return Moved(change, entry, certain);
        return hash is not null && moves[target].Possible(entry) is { } possible && possible.Content == hash && possible.Path != entry.Path && moves[target].TryTake(possible, entry.Path)
            ? Moved(change, entry, possible)
            : change;
    }

    /// <summary>
    /// Where a file came from, by its identity alone. A file that stayed at its path was not renamed, even when another name of
    /// it went away: its ctime is new for whatever reason, so only the hash can tell what it holds.
    /// </summary>
    private Entry? RenamedFrom(Change change, int target, Entry entry) =>
        change.Known?.Entry.Identity is { } then && entry.Identity is { } now && now.IsSameFile(then) ? null : moves[target].Certain(entry, source.TraitsOf(entry.Path).StableIdentity);

    private static Change Moved(Change change, Entry entry, Entry from) =>
        change with { Kind = ChangeKind.Moved, MovedFrom = from.Path, Entry = entry with { Content = from.Content } };

    /// <param name="item">The work.</param>
    /// <param name="changes">What it is for each target by now.</param>
    /// <param name="entry">The file as it was scanned.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="hash">What it was hashed to since the scan; null when it was not.</param>
    private async ValueTask<Outcome> TransferAsync(PlanItem item, Change?[] changes, Entry entry, CancellationToken cancellationToken, ContentId? hash = null)
    {
        if (WaitsForItsTurn(entry))
            return InTurn(item, changes, entry);
        for (var attempt = 1; ; attempt++)
        {
            var sinks = new (TargetSlot Target, IContentSink Sink)?[changes.Length];
            var notHeld = new string?[changes.Length];
            // Invariant: every byte that is sent was hashed, here or by whoever takes it, and is refused when the hash is another.
            var known = attempt == 1 && AllCheck(changes) ? hash : null;
            try
            {
                using var file = source.OpenFile(entry.Path);
                if (attempt > 1)
                {
                    entry = Reread(entry, file.Stat());
                    RequireBytes(changes, entry);
                    if (WaitsForItsTurn(entry))
                        return InTurn(item, changes, entry);
                }
                await OpenSinksAsync(changes, sinks, notHeld, known is null ? entry : entry with { Content = known });
                await PrepareAsync(sinks, file);
                // The last attempt keeps what is read, whatever it is, so it must not keep a clone of another moment.
                var cloned = attempt < Attempts && Clone(sinks, file);
                var content = await _reading.ReadAsync(
                    file,
                    entry.Size,
                    entry.IsSparse,
                    cloned ? null : (position, bytes) => WriteAsync(sinks, notHeld, position, bytes, cancellationToken),
                    cancellationToken,
                    known);
                var after = file.Stat();
                var steady = IsAsScanned(entry, after) && _reading.Length == entry.Size;
                // A target that was to be told of the file without its bytes must have these very ones.
                var agrees = changes.All(c => c is null or { NeedsContent: true } || c.Entry.Content == content);
                if ((!steady || !agrees) && attempt < Attempts)
                    continue;
                if (!steady)
                    counters.Fail(entry.Path, "changed while it was being read, three times over; the last reading was kept");
                entry = entry with { Content = content, Size = _reading.Length, Attributes = file.ReadAttributes() };
                await CompleteAsync(sinks, notHeld, entry, cancellationToken);
                counters.FileDone();
                return new Outcome(item, WithEntry(changes, entry), Failed: false) { NotHeld = notHeld };
            }
            catch (ContentMismatchException) when (known is not null)
            {
                // It was written to without a trace, or a bit turned on the way: now it is hashed while it is sent.
            }
            finally
            {
                foreach (var slot in sinks)
                    if (slot is { } open)
                        await DropAsync(open.Target, open.Sink);
            }
        }
    }

    private bool AllCheck(Change?[] changes)
    {
        for (var i = 0; i < changes.Length; i++)
            if (changes[i] is { NeedsContent: true } && targets[i] is { IsAlive: true, Run.ChecksContent: false })
                return false;
        return true;
    }

    private bool WaitsForItsTurn(Entry entry) => entry.Size > mostBeforeTurn || (entry.IsSparse && mostBeforeTurn < long.MaxValue);

    private static Outcome InTurn(PlanItem item, Change?[] changes, Entry entry) => new(item, changes, Failed: false)
    {
        InTurn = (work, cancellationToken) => work.NamingErrorsAsync(item, () => work.TransferAsync(item, changes, entry, cancellationToken)),
    };

    /// <summary>
    /// The file is another one than the plan was made for: whatever was decided without its bytes (moved, metadata, taken over
    /// from an interrupted run) no longer holds, so every target gets them.
    /// </summary>
    private static void RequireBytes(Change?[] changes, Entry entry)
    {
        for (var i = 0; i < changes.Length; i++)
            if (changes[i] is { NeedsContent: false } change)
                changes[i] = new Change(change.Known is null ? ChangeKind.New : ChangeKind.Changed, entry with { Content = null }, change.Known);
    }

    private static async ValueTask DropAsync(TargetSlot target, IContentSink sink)
    {
        try
        {
            await sink.DisposeAsync();
        }
        catch (FileSystemException e)
        {
            target.Fail(e); // It is the target that cannot tidy up; the source was read well.
        }
    }

    private async ValueTask OpenSinksAsync(Change?[] changes, (TargetSlot Target, IContentSink Sink)?[] sinks, string?[] notHeld, Entry entry)
    {
        for (var i = 0; i < changes.Length; i++)
        {
            if (changes[i] is not { NeedsContent: true } change || !targets[i].IsAlive)
                continue;
            var (index, target) = (i, targets[i]);
            notHeld[i] = await target.TryHoldAsync(() =>
            {
                sinks[index] = (target, target.Run.Receive(change with { Entry = entry }));
                return ValueTask.CompletedTask;
            });
        }
    }

    private static async ValueTask PrepareAsync((TargetSlot Target, IContentSink Sink)?[] sinks, IFileReader file)
    {
        foreach (var slot in sinks)
            if (slot is { Target.IsAlive: true } open)
                await open.Target.TryAsync(() =>
                {
                    open.Sink.Prepare(file);
                    return ValueTask.CompletedTask;
                });
    }

    private static bool Clone((TargetSlot Target, IContentSink Sink)?[] sinks, IFileReader file)
    {
        var all = true;
        foreach (var slot in sinks)
            if (slot is { } open)
                all &= open.Sink.TryClone(file);
        return all;
    }

    private static ValueTask WriteAsync(
        (TargetSlot Target, IContentSink Sink)?[] sinks,
        string?[] notHeld,
        long position,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken) =>
        ForEachAsync(sinks, notHeld, sink => sink.WriteAsync(position, bytes, cancellationToken));

    private static ValueTask CompleteAsync((TargetSlot Target, IContentSink Sink)?[] sinks, string?[] notHeld, Entry entry, CancellationToken cancellationToken) =>
        ForEachAsync(sinks, notHeld, sink => sink.CompleteAsync(entry, cancellationToken));

    /// <summary>One step with every sink. One whose place cannot hold the path takes no further part.</summary>
    private static async ValueTask ForEachAsync((TargetSlot Target, IContentSink Sink)?[] sinks, string?[] notHeld, Func<IContentSink, ValueTask> step)
    {
        for (var i = 0; i < sinks.Length; i++)
            if (sinks[i] is { Target.IsAlive: true } open && notHeld[i] is null)
                notHeld[i] = await open.Target.TryHoldAsync(() => step(open.Sink));
    }

    /// <summary>Two looks at the file, one before its bytes were read and one after, that agree on everything a write would change.</summary>
    private static bool IsAsScanned(Entry entry, in FileStat stat) =>
        stat.Type == EntryType.File
        && stat.Size == entry.Size
        && stat.Modified == entry.Modified
        && entry.Identity is { } identity
        && identity.Changed == stat.Changed
        && identity.Inode == stat.Inode
        && identity.Device == stat.Device;

    private static Entry Reread(Entry entry, in FileStat stat) => entry with
    {
        Content = null,
        Size = stat.Size,
        Modified = stat.Modified,
        Mode = stat.Mode,
        UserId = stat.UserId,
        GroupId = stat.GroupId,
        Identity = stat.Identity,
        IsSparse = stat.IsSparse,
    };

    private static bool NeedsAttributes(PlanItem item) => NeedsAttributes(item.Changes);

    private static bool NeedsAttributes(Change?[] changes) => changes.Any(c => c is { Kind: ChangeKind.New or ChangeKind.Changed or ChangeKind.Moved or ChangeKind.Again });

    private static Change?[] WithEntry(Change?[] changes, Entry entry)
    {
        var result = new Change?[changes.Length];
        for (var i = 0; i < changes.Length; i++)
            result[i] = changes[i] is { } change ? change with { Entry = entry with { Content = entry.Content ?? change.Entry.Content } } : null;
        return result;
    }
}
