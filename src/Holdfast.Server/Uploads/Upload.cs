using System.Security.Cryptography;
using Holdfast.Core.Model;
using Holdfast.Library;

namespace Holdfast.Server.Uploads;

/// <summary>Bytes that come in, in one piece or in parts, hashed on the way. For one request at a time.</summary>
internal sealed class Upload(string id, string owner, IStagedContent staged) : IAsyncDisposable
{
    private IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ContentId? _content;

    public string Id => id;

    /// <summary>The token that began it: another one cannot go on with it.</summary>
    public string Owner => owner;

    /// <summary>What its client said of it when it began.</summary>
    public UploadMetadata Metadata { get; init; } = UploadMetadata.None;

    /// <summary>Bytes it will have; null while its client does not know.</summary>
    public long? Length { get; set; }

    /// <summary>Bytes that are there.</summary>
    public long Offset { get; private set; }

    /// <summary>True when every byte is there.</summary>
    public bool IsWhole => Offset == Length;

    /// <summary>What became of it; null until it has its name. A client that missed the answer asks again.</summary>
    public Kept? Kept { get; set; }

    public DateTimeOffset Touched { get; set; }

    /// <summary>One request at a time.</summary>
    public UploadTurn Turn { get; } = new();

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await staged.WriteAsync(Offset, bytes, cancellationToken);
        _hash.AppendData(bytes.Span);
        Offset += bytes.Length;
    }

    /// <summary>The request is through; the next part may come in a moment, tomorrow or never.</summary>
    public void Rest() => staged.Rest();

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
    public ValueTask ReleaseAsync() => staged.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        Turn.Dispose();
        await staged.DisposeAsync();
    }
}
