using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Model;

namespace Holdfast.Core.Jobs.Reports;

/// <summary>A restore drill.</summary>
/// <param name="Target">The target as the config names it.</param>
/// <param name="Time">When.</param>
/// <param name="Snapshot">The snapshot the files were of.</param>
/// <param name="Files">Files that came back right.</param>
/// <param name="Failures">Files that did not.</param>
public sealed record Drill(string Target, DateTimeOffset Time, string Snapshot, long Files, long Failures);

/// <summary>The drills of this client: a line of JSON each in <c>drills.jsonl</c> of the state folder. Places are only read by a drill.</summary>
public static class DrillLog
{
    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    private const int Tries = 100;

    /// <summary>Adds one. Proofs of several targets end at once, so this waits for others that add theirs.</summary>
    /// <exception cref="HoldfastException">It cannot be written.</exception>
    public static void Add(string stateFolder, Drill drill)
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(drill, Form) + "\n");
        for (var left = Tries; ; left--)
            try
            {
                using var file = new FileStream(FileOf(stateFolder), FileMode.Append, FileAccess.Write, FileShare.None);
                file.Write(line);
                return;
            }
            catch (IOException) when (left > 1)
            {
                Thread.Sleep(50);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new HoldfastException(ErrorKind.Failed, $"the restore drill could not be written down: {e.Message}", inner: e);
            }
    }

    /// <summary>The last of each target; a line that cannot be read is left out.</summary>
    public static IReadOnlyDictionary<string, Drill> Last(string stateFolder)
    {
        var last = new Dictionary<string, Drill>(StringComparer.Ordinal);
        try
        {
            // While another process adds one.
            using var file = new StreamReader(new FileStream(FileOf(stateFolder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            while (file.ReadLine() is { } line)
                if (Read(line) is { } drill)
                    last[drill.Target] = drill;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // None was ever held, as far as is known.
        }
        return last;
    }

    private static Drill? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Drill>(line, Form);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string FileOf(string stateFolder) => Path.Combine(stateFolder, "drills.jsonl");
}
