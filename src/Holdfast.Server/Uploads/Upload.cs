using System.Security.Cryptography;
using Holdfast.Core.Model;
using Holdfast.Library;

namespace Holdfast.Server.Uploads;

/// <summary>Bytes that come in, in one piece or in parts, hashed on the way. For one request at a time.</summary>
internal sealed class Upload(string id, string owner, IStagedContent staged) : IAsyncDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ContentId? _content;

    public string Id => id;

    /// <summary>The token that began it: another one cannot go on with it.</summary>
    public string Owner => owner;

    /// <summary>Bytes that are there.</summary>
    public long Offset { get; private set; }

    public DateTimeOffset Touched { get; set; }

    /// <summary>One request at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await staged.WriteAsync(Offset, bytes, cancellationToken);
        _hash.AppendData(bytes.Span);
        Offset += bytes.Length;
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

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        Turn.Dispose();
        await staged.DisposeAsync();
    }
}
