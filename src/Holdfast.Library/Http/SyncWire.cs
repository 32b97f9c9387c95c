using System.Text.Json;
using Holdfast.Core.Model;
using Holdfast.Library.Syncing;

namespace Holdfast.Library.Http;

/// <summary>How the steps of a sync look on the way (docs/http-api.md).</summary>
internal static class SyncWire
{
    public const string Changes = "api/v1/changes", Marks = "api/v1/marks", Record = "api/v1/record";

    /// <summary>Steps that may be asked for at once.</summary>
    public const int MostSteps = 1000;

    public static byte[] Write(IReadOnlyList<SyncStep> steps) => Wire.Write(json =>
    {
        json.WriteStartArray("steps");
        foreach (var step in steps)
            Put(json, step);
        json.WriteEndArray();
    });

    /// <param name="json">The step.</param>
    /// <param name="staged">Gives the bytes of an upload by its id, made ready for the file.</param>
    /// <exception cref="FormatException">It is no step.</exception>
    public static async Task<SyncStep> StepOfAsync(JsonElement json, Func<string, Entry, Task<IStagedContent?>> staged)
    {
        var kind = json.GetProperty("kind").GetString() switch
        {
            "put" => SyncStepKind.Put,
            "move" => SyncStepKind.Move,
            "remove" => SyncStepKind.Remove,
            var word => throw new FormatException($"'{word}' is no kind of step"),
        };
        var entry = json.TryGetProperty("entry", out var file) ? Wire.EntryOf(file) : null;
        if (kind == SyncStepKind.Put && entry is not { Type: EntryType.File, Content: not null })
            throw new FormatException("a put needs a file with its sha256");
        return new SyncStep
        {
            Kind = kind,
            Path = Wire.PathOf(json.GetProperty("path").GetString() ?? ""),
            From = json.TryGetProperty("from", out var from) ? Wire.PathOf(from.GetString() ?? "") : null,
            Expected = json.TryGetProperty("expected", out var expected) ? ContentId.Parse(expected.GetString()) : null,
            Entry = entry,
            Staged = entry is not null && json.TryGetProperty("upload", out var upload) ? await staged(upload.GetString() ?? "", entry) : null,
            IsWanted = json.TryGetProperty("wanted", out var wanted) && wanted.GetBoolean(),
        };
    }

    public static string Word(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Done => "done",
        StepOutcome.Missing => "missing",
        StepOutcome.DeletedForGood => "deleted",
        StepOutcome.Unfit => "unfit",
        _ => "changed",
    };

    public static string Word(RecordFile file) => file == RecordFile.Names ? "names" : "log";

    /// <summary>The file of that name; null when there is none.</summary>
    public static RecordFile? RecordOf(string word) => word switch
    {
        "names" => RecordFile.Names,
        "log" => RecordFile.Log,
        _ => null,
    };

    public static StepOutcome OutcomeOf(string? word) => word switch
    {
        "done" => StepOutcome.Done,
        "missing" => StepOutcome.Missing,
        "deleted" => StepOutcome.DeletedForGood,
        "unfit" => StepOutcome.Unfit,
        _ => StepOutcome.Changed,
    };

    private static void Put(Utf8JsonWriter json, SyncStep step)
    {
        json.WriteStartObject();
        json.WriteString("kind", step.Kind switch { SyncStepKind.Put => "put", SyncStepKind.Move => "move", _ => "remove" });
        json.WriteString("path", Wire.Text(step.Path));
        if (step.From is { } from)
            json.WriteString("from", Wire.Text(from));
        if (step.Expected is { } expected)
            json.WriteString("expected", expected.ToString());
        if (step.Staged is HttpStagedContent staged)
            json.WriteString("upload", staged.Id);
        if (step.IsWanted)
            json.WriteBoolean("wanted", true);
        if (step.Entry is { } entry)
        {
            json.WritePropertyName("entry");
            Wire.Put(json, entry);
        }
        json.WriteEndObject();
    }
}
