using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holdfast.Library.Unfinished;

/// <summary>
/// A line of <c>.holdfast/incoming/ID.upload</c>: how far an upload was, and whose it is. Never its token. Sample:
/// <code>{"at":"2026-11-20T02:00:00Z","owner":"phone","metadata":"filename YS5qcGc=","length":100000000,"offset":16777216,"sha256":"…"}</code>
/// </summary>
/// <param name="At">When.</param>
/// <param name="Owner">The name of the token that began it.</param>
/// <param name="Metadata">What its client said of it, as it said it.</param>
/// <param name="Length">Bytes it will have; null while its client does not know.</param>
/// <param name="Offset">Bytes that are there.</param>
/// <param name="Sha256">Their hash, so that nothing goes on behind bytes that a power failure took.</param>
internal sealed record UnfinishedLine(DateTimeOffset At, string Owner, string Metadata, long? Length, long Offset, string Sha256)
{
    private static readonly JsonSerializerOptions Small = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = false,
    };

    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Small), (byte)'\n'];

    /// <summary>Null for a line that a power failure left without its bytes.</summary>
    public static UnfinishedLine? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<UnfinishedLine>(line, Small) is { Owner: not null, Metadata: not null, Sha256: not null, Offset: >= 0 } read && (read.Length ?? read.Offset) >= read.Offset ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
