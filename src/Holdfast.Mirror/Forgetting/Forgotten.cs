using System.Text;
using System.Text.Json;
using Holdfast.Core.FileSystem;

namespace Holdfast.Mirror.Forgetting;

/// <summary>
/// <c>.holdfast/forgotten.jsonl</c>: the ids of forgotten snapshots. A client whose cache names one of them stands before the
/// place it knows, not before another copy of it.
/// </summary>
internal static class Forgotten
{
    public static IReadOnlyList<string> Read(IFolderReader place)
    {
        if (SmallFile.TryRead(place, MirrorLayout.Forgotten) is not { } bytes)
            return [];
        var found = new List<string>();
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (IdOf(line) is { } id)
                found.Add(id);
        return found;
    }

    /// <summary>Adds ids; those that are there already are not added again.</summary>
    public static void Add(IFolder place, IEnumerable<string> ids)
    {
        var known = Read(place);
        var added = ids.Except(known).ToList();
        if (added.Count == 0)
            return;
        var text = new StringBuilder();
        foreach (var id in known.Concat(added))
            text.Append("{\"snapshot\":\"").Append(id).Append("\"}\n");
        SmallFile.Write(place, MirrorLayout.Forgotten, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string? IdOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("snapshot").GetString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null; // A line of a later version.
        }
    }
}
