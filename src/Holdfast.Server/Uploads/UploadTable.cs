using System.Collections.Concurrent;
using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;

namespace Holdfast.Server.Uploads;

/// <summary>The uploads in parts that are under way. One that nobody goes on with is dropped after a day.</summary>
internal sealed class UploadTable(LibraryFolder library, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Uploads that one token may have under way.</summary>
    public const int MostOfOne = 5000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private static readonly Entry Unknown = new() { Path = EntryPath.From("upload"), Type = EntryType.File, Mode = 0x1a4 };

    private readonly ConcurrentDictionary<string, Upload> _uploads = new(StringComparer.Ordinal);

    /// <summary>How many are under way.</summary>
    public int Count => _uploads.Count;

    /// <summary>Begins an upload; null when its owner has too many.</summary>
    public async Task<Upload?> BeginAsync(string owner, CancellationToken cancellationToken)
    {
        await ExpireAsync();
        if (_uploads.Values.Count(u => u.Owner == owner) >= MostOfOne)
            return null;
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var upload = new Upload(id, owner, await library.ReceiveAsync(Unknown, cancellationToken)) { Touched = time.GetUtcNow() };
        _uploads[id] = upload;
        return upload;
    }

    /// <summary>The upload of that id; null for a wrong id and for somebody else's.</summary>
    public Upload? Find(string id, string owner)
    {
        if (!_uploads.TryGetValue(id, out var upload) || upload.Owner != owner)
            return null;
        upload.Touched = time.GetUtcNow();
        return upload;
    }

    /// <summary>Drops an upload, kept or not.</summary>
    public async ValueTask EndAsync(Upload upload)
    {
        if (_uploads.TryRemove(upload.Id, out _))
            await upload.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var upload in _uploads.Values)
            await EndAsync(upload);
    }

    private async Task ExpireAsync()
    {
        var limit = time.GetUtcNow() - Lifetime;
        foreach (var upload in _uploads.Values)
            if (upload.Touched < limit && upload.Turn.Wait(0))
                await EndAsync(upload);
    }
}
