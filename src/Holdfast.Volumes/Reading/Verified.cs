using System.Globalization;
using System.Text;
using System.Text.Json;
using Holdfast.Volumes.Places;

namespace Holdfast.Volumes.Reading;

/// <summary>When volumes were read back last, in the place: one line a volume. A database made anew takes it from here.</summary>
internal static class Verified
{
    private const string File = "verified.jsonl";

    /// <summary>Keeps the date of a volume; null takes back what was said of it.</summary>
    public static void Note(IVolumePlace place, VolumeName name, DateTimeOffset? verified)
    {
        var before = Lines(place);
        var lines = before.Where(l => !l.Contains($"\"{name}\"", StringComparison.Ordinal)).ToList();
        if (verified is { } time)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $$"""{"volume":"{{name}}","verified":"{{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}"""));
        else if (lines.Count == before.Length)
            return;
        place.WriteNote(File, Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
    }

    /// <summary>The dates by name. A line that says nothing is left out: what is not known is not verified.</summary>
    public static IReadOnlyDictionary<string, DateTimeOffset> Read(IVolumePlace place)
    {
        var dates = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var line in Lines(place))
            try
            {
                using var json = JsonDocument.Parse(line);
                dates[json.RootElement.GetProperty("volume").GetString()!] = json.RootElement.GetProperty("verified").GetDateTimeOffset();
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                // Cut off by hand or a crash: the volume counts as not verified.
            }
        return dates;
    }

    private static string[] Lines(IVolumePlace place) => Encoding.UTF8.GetString(place.TryReadNote(File) ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
