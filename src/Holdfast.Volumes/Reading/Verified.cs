using System.Globalization;
using System.Text;
using System.Text.Json;
using Holdfast.Volumes.Places;

namespace Holdfast.Volumes.Reading;

/// <summary>When volumes were read back last, in the place: one line a volume. A database made anew takes it from here.</summary>
internal static class Verified
{
    private const string Note = "verified.jsonl";

    public static void Add(IVolumePlace place, VolumeName name, DateTimeOffset time)
    {
        var lines = Lines(place).Where(l => !l.Contains($"\"{name}\"", StringComparison.Ordinal));
        var line = string.Create(CultureInfo.InvariantCulture, $$"""{"volume":"{{name}}","verified":"{{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""");
        place.WriteNote(Note, Encoding.UTF8.GetBytes(string.Concat(lines.Append(line).Select(l => l + "\n"))));
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

    private static string[] Lines(IVolumePlace place) => Encoding.UTF8.GetString(place.TryReadNote(Note) ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
