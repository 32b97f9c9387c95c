using System.Text.Json.Nodes;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>What a notice is about.</summary>
public enum NoticeKind
{
    /// <summary>A run did all it should.</summary>
    Success,

    /// <summary>A run is done, but files are missing from it.</summary>
    Incomplete,

    /// <summary>A run failed.</summary>
    Failure,

    /// <summary>A job has not succeeded for too long.</summary>
    Overdue,

    /// <summary>How all jobs stand.</summary>
    Digest,

    /// <summary>Somebody tries whether notices arrive.</summary>
    Test,
}

/// <summary>Something to tell people.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Job">The job.</param>
/// <param name="Client">This machine's name in the places.</param>
/// <param name="HasChanges">True when the run brought something new.</param>
/// <param name="Text">The report, for people.</param>
/// <param name="Report">The report, for programs.</param>
/// <param name="Time">When it happened.</param>
public sealed record Notice(NoticeKind Kind, string Job, string Client, bool HasChanges, string Text, JsonObject Report, DateTimeOffset Time)
{
    /// <summary>The same for every try to tell it.</summary>
    public string Id { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>The readers who have not got it yet; null for everyone.</summary>
    public IReadOnlyList<string>? Readers { get; init; }

    /// <summary>In a word or two.</summary>
    public string Outcome => Kind switch
    {
        NoticeKind.Success => "succeeded",
        NoticeKind.Incomplete => "left files out",
        NoticeKind.Failure => "failed",
        NoticeKind.Overdue => "is overdue",
        NoticeKind.Digest => "digest",
        _ => "test",
    };

    /// <summary>True when somebody should look.</summary>
    public bool IsBad => Kind is NoticeKind.Failure or NoticeKind.Incomplete or NoticeKind.Overdue;

    /// <summary>In a line.</summary>
    public string Subject => $"Holdfast on {Client}: {(Kind is NoticeKind.Digest ? "digest" : $"{Job} {Outcome}")}";

    /// <summary>True when someone who chose "failure", "change" or "always" wants it.</summary>
    public bool IsFor(string when) => Kind is NoticeKind.Test or NoticeKind.Digest || IsBad || when is "always" || (when is "change" && HasChanges);

    /// <summary>The whole of it for programs: type, outcome, job, client, subject, text, report.</summary>
    public JsonObject ToJson() => new()
    {
        ["type"] = "notice",
        ["outcome"] = Kind.ToString().ToLowerInvariant(),
        ["job"] = Job,
        ["client"] = Client,
        ["subject"] = Subject,
        ["text"] = Text,
        ["report"] = Report.DeepClone(),
    };
}
