using System.Collections.Concurrent;
using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Unfinished;
using Holdfast.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Uploads;

/// <summary>The uploads that are under way. One that nobody goes on with is dropped after a day.</summary>
internal sealed class UploadTable : IAsyncDisposable
{
    /// <summary>Uploads that one token may have under way.</summary>
    public const int MostOfOne = 5000;

    /// <summary>How long an upload waits for its next part.</summary>
    public static readonly TimeSpan Lifetime = UnfinishedUpload.Lifetime;

    /// <summary>How long a client that missed the last answer can still ask what became of its upload.</summary>
    private static readonly TimeSpan Afterlife = TimeSpan.FromHours(1);

    // How long a request that still writes is waited for when the server ends.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(10);
    private static readonly Entry Unknown = new() { Path = EntryPath.From("upload"), Type = EntryType.File, Mode = 0x1a4 };

    private readonly ConcurrentDictionary<string, Upload> _uploads = new(StringComparer.Ordinal);
    private readonly LibraryFolder _library;
    private readonly Quotas _quotas;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _lastUsed = long.MinValue / 2;

    public UploadTable(LibraryFolder library, Quotas quotas, TimeProvider time)
    {
        _library = library;
        _quotas = quotas;
        _time = time;
        TakeUp();
        _timer = time.CreateTimer(_ => _ = ExpireAsync(), null, BetweenLooks, BetweenLooks);
    }

    /// <summary>True when somebody sent something, or asked what to send, within the last second.</summary>
    public bool IsBusy => _time.GetTimestamp() - Interlocked.Read(ref _lastUsed) < _time.TimestampFrequency;

    /// <summary>Somebody is at work: what has time waits.</summary>
    public void NoteUse() => Interlocked.Exchange(ref _lastUsed, _time.GetTimestamp());

    /// <summary>How many are under way.</summary>
    public int Count => _uploads.Values.Count(u => u.Kept is null);

    /// <summary>Begins an upload; null when its owner has too many.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="metadata">What its client says of it.</param>
    /// <param name="length">Bytes it will have; null while its client does not know.</param>
    /// <param name="inParts">Whether its client may go on with it later, also after this process ended.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BadHttpRequestException">It does not fit into the owner's quota.</exception>
    public async Task<Upload?> BeginAsync(Token owner, UploadMetadata metadata, long? length, bool inParts, CancellationToken cancellationToken)
    {
        // Looking at each of them costs too much to be done for every file: most of the time there are not that many.
        if (_uploads.Count >= MostOfOne)
            await ExpireAsync();
        if (_uploads.Count >= MostOfOne && _uploads.Values.Count(u => u.Owner == owner.Name && u.Kept is null) >= MostOfOne)
            return null;
        RequireRoom(owner, length ?? 0);
        NoteUse();
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var parts = inParts ? _library.ReceiveInParts(id) : null;
        var upload = new Upload(id, owner.Name, parts ?? await _library.ReceiveAsync(Unknown, cancellationToken), parts is null ? null : new UnfinishedNotes(_library.Incoming, id, parts)) { Metadata = metadata, Length = length, Touched = _time.GetUtcNow() };
        _uploads[id] = upload;
        return upload;
    }

    /// <summary>The upload of that id; null for a wrong id, for somebody else's, and for one that nobody went on with in time.</summary>
    public async ValueTask<Upload?> FindAsync(string id, string owner)
    {
        if (!_uploads.TryGetValue(id, out var upload) || upload.Owner != owner)
            return null;
        if (IsOver(upload))
        {
            await EndAsync(upload);
            return null;
        }
        upload.Touched = _time.GetUtcNow();
        NoteUse();
        try
        {
            await upload.TakeUpAsync();
            return upload;
        }
        catch (FileSystemException)
        {
            // Its bytes cannot be read any more: its client begins anew.
            await EndAsync(upload);
            return null;
        }
    }

    /// <summary>Refuses bytes that do not fit into the owner's quota beside what it has and what it is sending.</summary>
    /// <exception cref="BadHttpRequestException">They do not; says the numbers.</exception>
    public void RequireRoom(Token owner, long more)
    {
        if (owner.Quota is not null)
            _quotas.Require(owner, _uploads.Values.Where(u => u.Owner == owner.Name && u.Kept is null).Sum(u => u.Offset), more);
    }

    /// <summary>Takes note of what became of an upload.</summary>
    public void Kept(Token owner, Entry entry, Kept kept)
    {
        if (kept.Outcome == KeptOutcome.Stored && entry.Content is { } content)
            _quotas.Took(owner, content, entry.Size);
    }

    /// <summary>Lets go of the bytes of an upload that has its name; what became of it can be asked for a while.</summary>
    public async ValueTask FinishedAsync(Upload upload)
    {
        upload.Touched = _time.GetUtcNow();
        NoteUse();
        await upload.ReleaseAsync();
    }

    /// <summary>Drops an upload, kept or not.</summary>
    public async ValueTask EndAsync(Upload upload)
    {
        if (_uploads.TryRemove(upload.Id, out _))
            await upload.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        foreach (var upload in _uploads.Values)
            if (!await TryLeaveAsync(upload))
                await EndAsync(upload);
    }

    /// <summary>What a process before this one left.</summary>
    private void TakeUp()
    {
        foreach (var left in _library.Unfinished())
            if (MetadataOf(left) is { } metadata)
            {
                var staged = _library.TakeUp(left);
                _uploads[left.Id] = new Upload(left.Id, left.Last.Owner, staged, new UnfinishedNotes(_library.Incoming, left.Id, staged), left)
                {
                    Metadata = metadata,
                    Length = left.Last.Length,
                    Touched = left.Last.At,
                };
            }
    }

    /// <summary>Null for what an earlier version took and this one does not.</summary>
    private static UploadMetadata? MetadataOf(UnfinishedUpload left)
    {
        try
        {
            return UploadMetadata.Parse(left.Last.Metadata);
        }
        catch (BadHttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Leaves an upload for the process after this one.</summary>
    private async Task<bool> TryLeaveAsync(Upload upload)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            // A request that still writes is ended by the next one that wants to.
            using var turn = await upload.Turn.TakeAsync(patience.Token);
            return upload.TryLeave() && _uploads.TryRemove(upload.Id, out _);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    private bool IsOver(Upload upload) => _time.GetUtcNow() - upload.Touched > (upload.Kept is null ? Lifetime : Afterlife);

    private async Task ExpireAsync()
    {
        foreach (var upload in _uploads.Values)
            if (IsOver(upload) && upload.Turn.TryTake())
                await EndAsync(upload);
    }
}
