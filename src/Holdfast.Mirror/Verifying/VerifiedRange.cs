using System.Globalization;
using System.Text;
using System.Text.Json;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Verifying;

/// <summary>All contents that one increment brought under paths from one to another were read back and right.</summary>
/// <param name="Increment">Its id.</param>
/// <param name="Record">The sum of its record then (<see cref="History.Increment.RecordSum"/>): with another record these are other contents.</param>
/// <param name="From">The first path.</param>
/// <param name="To">The last.</param>
/// <param name="At">When.</param>
internal sealed record VerifiedRange(string Increment, string Record, EntryPath From, EntryPath To, DateTimeOffset At)
{
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public bool Covers(EntryPath path) => From.CompareTo(path) <= 0 && To.CompareTo(path) >= 0;

    /// <summary>True when nothing is left of the other one.</summary>
    public bool Replaces(VerifiedRange other) =>
        Increment == other.Increment && Record == other.Record && At >= other.At && From.CompareTo(other.From) <= 0 && To.CompareTo(other.To) >= 0;

    /// <summary>One line of <c>verified.jsonl</c>. Paths are encoded as in records, so nothing needs an escape.</summary>
    public string ToLine() =>
        $$"""{"increment":"{{Increment}}","record":"{{Record}}","from":"{{PathText.Encode(From.Bytes)}}","to":"{{PathText.Encode(To.Bytes)}}","at":"{{At.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture)}}"}""" + "\n";

    /// <summary>Null for what is no such line: cut off, or of a later version. Then nothing is known.</summary>
    public static VerifiedRange? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            return new VerifiedRange(
                root.GetProperty("increment").GetString()!,
                root.GetProperty("record").GetString()!,
                PathOf(root.GetProperty("from")),
                PathOf(root.GetProperty("to")),
                DateTimeOffset.ParseExact(root.GetProperty("at").GetString()!, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static EntryPath PathOf(JsonElement json) => EntryPath.From(PathText.Decode(Encoding.UTF8.GetBytes(json.GetString()!)));
}
