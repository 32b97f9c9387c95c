using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Unfinished;

namespace Holdfast.Server.Uploads;

/// <summary>Bytes that come in, in one piece or in parts, hashed on the way. For one request at a time.</summary>
/// <param name="id">Its id.</param>
/// <param name="owner">The token that began it.</param>
/// <param name="staged">Its bytes.</param>
/// <param name="notes">Lets it outlive this process; null for one that comes in one piece.</param>
/// <param name="left">What a process before this one left of it; null for a new one.</param>
internal sealed class Upload(string id, string owner, IStagedContent staged, UnfinishedNotes? notes = null, UnfinishedUpload? left = null) : IAsyncDisposable
{
    // A whole upload that waits for its name and is smaller is sent again faster than it is written down.
    private const long SmallestWhole = 1 << 20;

    private readonly Lock _taking = new();
    private IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ContentId? _content;
    private Task? _takingUp;
    private long? _notedLength;
    private bool _isOver;

    public string Id => id;

    /// <summary>The token that began it: another one cannot go on with it.</summary>
    public string Owner => owner;

    /// <summary>What its client said of it when it began.</summary>
    public UploadMetadata Metadata { get; init; } = UploadMetadata.None;

    /// <summary>Bytes it will have; null while its client does not know.</summary>
    public long? Length { get; set; }

    /// <summary>Bytes that are there.</summary>
    public long Offset { get; private set; } = left?.Last.Offset ?? 0;

    /// <summary>True when every byte is there.</summary>
    public bool IsWhole => Offset == Length;

    /// <summary>What became of it; null until it has its name. A client that missed the answer asks again.</summary>
    public Kept? Kept { get; set; }

    public DateTimeOffset Touched { get; set; }

    /// <summary>True when its client was told its address, so that it can go on with it.</summary>
    public bool IsKnown { get; set; } = left is not null;

    /// <summary>One request at a time.</summary>
    public UploadTurn Turn { get; } = new();

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await staged.WriteAsync(Offset, bytes, cancellationToken);
        _hash.AppendData(bytes.Span);
        Offset += bytes.Length;
    }

    /// <summary>Reads what a process before this one left of it, once, however many wait for that. Before it nothing else may be done.</summary>
    /// <exception cref="FileSystemException">It cannot be read.</exception>
    public Task TakeUpAsync()
    {
        lock (_taking)
            return _takingUp ??= left is null ? Task.CompletedTask : Task.Run(() => TakeUpAsync(left));
    }

    /// <summary>The request is through; the next part may come in a moment, tomorrow or never.</summary>
    public void Rest()
    {
        Note(durable: false);
        staged.Rest();
    }

    /// <summary>Writes down how far it is when enough came since that was done.</summary>
    public void NoteOnTheWay()
    {
        if (notes is not null && Offset - Math.Max(0, notes.Noted) >= UnfinishedNotes.Step)
            Note(durable: true);
    }

    /// <summary>Lets go of it for a process after this one to go on with; false when there is nothing to go on with.</summary>
    public bool TryLeave()
    {
        if (notes is null || !IsKnown || Kept is not null)
            return false;
        // Many small ones may wait for their names; whoever ends a server does not turn the power off in the same moment.
        Note(durable: Offset >= SmallestWhole, isLast: true);
        if (left is null && notes.Noted < 0)
            return false;
        staged.Rest();
        _hash.Dispose();
        Turn.Dispose();
        return true;
    }

    /// <summary>Does work that writes; what it wrote counts when it ends with true, and otherwise never was.</summary>
    public async Task<bool> AllOrNothingAsync(Func<Task<bool>> work)
    {
        var (before, offset) = (_hash.Clone(), Offset);
        var isDone = false;
        try
        {
            return isDone = await work();
        }
        finally
        {
            if (!isDone)
                (_hash, before, Offset) = (before, _hash, offset);
            before.Dispose();
        }
    }

    /// <summary>The hash of what is there. Nothing may be written afterwards.</summary>
    public ContentId Content => _content ??= new ContentId(_hash.GetHashAndReset());

    /// <summary>Makes it ready to be kept under the entry's time and permissions.</summary>
    public async ValueTask<IStagedContent> CompleteAsync(Entry entry, CancellationToken cancellationToken)
    {
        if (!staged.IsComplete)
            await staged.CompleteAsync(entry, cancellationToken);
        return staged;
    }

    /// <summary>Lets go of the bytes, which have a name in the library by now or are not wanted.</summary>
    public ValueTask ReleaseAsync()
    {
        _isOver = true;
        notes?.Drop();
        return staged.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        _hash.Dispose();
        Turn.Dispose();
        notes?.Drop();
        await staged.DisposeAsync();
    }

    private async Task TakeUpAsync(UnfinishedUpload from)
    {
        var (offset, hash) = await from.ReadAsync(CancellationToken.None);
        var file = (StagedFile)staged;
        file.CutAt(offset);
        file.Rest();
        _hash.Dispose();
        (Offset, _hash, _notedLength) = (offset, hash, Length);
        if (offset == from.Last.Offset)
            notes!.TookUp(offset);
        else
            notes!.BeginAnew(LineNow());
    }

    private void Note(bool durable, bool isLast = false)
    {
        if (notes is null || _isOver || !IsKnown || Kept is not null || staged.IsComplete || (left is not null && _takingUp is not { IsCompletedSuccessfully: true }))
            return;
        if ((IsWhole && Offset < SmallestWhole && notes.Noted < 0 && !isLast) || (notes.Noted == Offset && _notedLength == Length && !durable))
            return;
        try
        {
            notes.Write(LineNow(), durable);
            _notedLength = Length;
        }
        catch (FileSystemException)
        {
            // A full disk: it is only begun anew if this process ends.
        }
    }

    private UnfinishedLine LineNow() =>
        new(Touched, owner, Metadata.Header, Length, Offset, _content?.ToString() ?? Convert.ToHexStringLower(_hash.GetCurrentHash()));
}
