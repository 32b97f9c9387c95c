using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Scenes;

/// <summary>Where a file's bytes lie on the disk, as filefrag tells it.</summary>
internal static class Extents
{
    /// <summary>Logical and physical offsets, one line an extent.</summary>
    public static IReadOnlyList<string> Physical(string path) => [.. Lines(path).Select(fields => $"{fields[1].Trim()} → {fields[2].Trim()}")];

    /// <summary>True when every extent belongs to another file too.</summary>
    public static bool AllShared(string path) => Lines(path) is { Count: > 0 } lines && lines.All(fields => fields[^1].Contains("shared", StringComparison.Ordinal));

    //  ext:     logical_offset:        physical_offset: length:   expected: flags:
    //    0:        0..    6143:      24576..     30719:   6144:             last,shared,eof
    private static List<string[]> Lines(string path)
    {
        Command.Must("sync", "-f", path);
        return [.. Command.Must("filefrag", "-v", path).Text.Split('\n').Where(line => line.Contains("..", StringComparison.Ordinal)).Select(line => line.Split(':'))];
    }
}
