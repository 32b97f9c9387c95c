using System.Globalization;
using System.Text;
using Holdfast.Volumes.Places;

namespace Holdfast.Volumes.Reading;

/// <summary>When volumes were read back last, in the place: one line a volume.</summary>
internal static class Verified
{
    public static void Add(IVolumePlace place, string note, VolumeName name, DateTimeOffset time)
    {
        var lines = Encoding.UTF8.GetString(place.TryReadNote(note) ?? [])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => !l.Contains($"\"{name}\"", StringComparison.Ordinal));
        var line = string.Create(CultureInfo.InvariantCulture, $$"""{"volume":"{{name}}","verified":"{{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""");
        place.WriteNote(note, Encoding.UTF8.GetBytes(string.Concat(lines.Append(line).Select(l => l + "\n"))));
    }
}
