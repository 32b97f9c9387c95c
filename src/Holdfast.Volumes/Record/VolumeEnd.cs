using System.Globalization;
using System.Text;
using System.Text.Json;
using Holdfast.Core.Model;
using Holdfast.Volumes.Codec;

namespace Holdfast.Volumes.Record;

/// <summary>The last member of a volume, <c>.holdfast/volume-end.json</c>: what became of the plan. Without it the volume is incomplete.</summary>
internal sealed record VolumeEnd
{
    private const string ChecksumAbsent = "0000000000000000";

    public static EntryPath Path { get; } = EntryPath.From(".holdfast/volume-end.json");

    public required long Volume { get; init; }

    public required long Run { get; init; }

    /// <summary>True for the last volume of the run, whose index lists everything; the others' list what they hold themselves.</summary>
    public required bool IsLast { get; init; }

    /// <summary>Members before this one.</summary>
    public required long Members { get; init; }

    /// <summary>
    /// XXH64, in 16 hex digits, of everything before this member's headers (as 16 hex digits) and of this document with zeros
    /// in the place of these digits. Headers hold metadata, and tar itself has no checksum for them.
    /// </summary>
    public required string Checksum { get; init; }

    /// <summary>What the run added, when this is its last volume.</summary>
    public Core.Targets.SnapshotStatistics? Statistics { get; init; }

    /// <summary>What could not be saved.</summary>
    public IReadOnlyList<VolumeFailure> Failures { get; init; } = [];

    /// <summary>Members of this volume that hold no whole file: it could not be read to its end.</summary>
    public IReadOnlyList<string> Torn { get; init; } = [];

    /// <summary>The document, with its checksum.</summary>
    /// <param name="before">XXH64 of the archive up to this member's headers.</param>
    public byte[] ToBytes(ulong before)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this with { Checksum = ChecksumAbsent }, VolumeJson.Default.VolumeEnd);
        return JsonSerializer.SerializeToUtf8Bytes(this with { Checksum = Hex(ChecksumOf(before, bytes)) }, VolumeJson.Default.VolumeEnd);
    }

    /// <summary>True when not a bit of this document and of what lies before it has changed.</summary>
    /// <param name="bytes">The document as it was read.</param>
    /// <param name="before">XXH64 of the archive up to this member's headers.</param>
    public bool IsChecksumRight(ReadOnlySpan<byte> bytes, ulong before)
    {
        var document = bytes.ToArray();
        var digits = document.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Checksum));
        if (Checksum.Length != ChecksumAbsent.Length || digits < 0)
            return false;
        Encoding.ASCII.GetBytes(ChecksumAbsent, document.AsSpan(digits));
        return Hex(ChecksumOf(before, document)) == Checksum;
    }

    private static ulong ChecksumOf(ulong before, ReadOnlySpan<byte> document)
    {
        var hash = new XxHash64();
        hash.Append(Encoding.ASCII.GetBytes(Hex(before)));
        hash.Append(document);
        return hash.Finish();
    }

    private static string Hex(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static VolumeEnd Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, VolumeJson.Default.VolumeEnd)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"the end of the volume is damaged: {e.Message}", e);
        }
    }
}

/// <summary>A path that could not be saved, percent-encoded, and why.</summary>
internal sealed record VolumeFailure(string Path, string Reason);
