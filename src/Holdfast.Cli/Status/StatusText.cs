using Holdfast.Cli.Output;
using Holdfast.Core.Catalog;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Status;

/// <summary>How jobs stand, for people.</summary>
internal sealed class StatusText(TextWriter output) : IPrinter<JobStatus>
{
    public void Print(JobStatus item)
    {
        var problem = item.Problem is { } text ? "  " + Terminal.OutputStyle.Red("! " + text) : "";
        output.WriteLine($"{Terminal.OutputStyle.Bold(item.Job.Name)}{problem}");
        output.WriteLine($"  last good run  {Time(item.LastGood)}");
        output.WriteLine($"  next run       {item.Next}{Daemon(item)}");
        foreach (var target in item.Targets)
            Print(target, item.LastGood);
    }

    public void Finish()
    {
    }

    private static string Daemon(JobStatus item) =>
        item.Daemon.IsRunning ? ", running now"
        : item.Job.Schedule is not null && item.Daemon.PausedUntil is { } until ? $", paused until {Sizes.Time(until)}"
        : "";

    private void Print(TargetStatus target, DateTimeOffset? newest)
    {
        output.WriteLine($"  {target.Name}");
        if (target.Connected is { } place)
            output.WriteLine($"    connected, {Sizes.Count(place.Snapshots, "snapshot")}, the newest of {Time(place.Newest)}");
        else
            output.WriteLine($"    not connected: {target.Problem}");
        foreach (var other in target.Others)
            output.WriteLine($"    {(target.Connected is null ? "" : "another disk ")}{other.Id[..8]} last seen {Time(other.Seen)}, {Sizes.Count(other.Snapshots, "snapshot")}, the newest of {Time(other.Newest)}");
        output.WriteLine($"    last good run {Time(target.LastGood?.Started)}{(target.LastGood?.Started < newest ? Terminal.OutputStyle.Yellow(" (lags behind)") : "")}");
        if (target.Last is { Outcome: not RunOutcome.Complete } last)
            output.WriteLine($"    {Terminal.OutputStyle.Red("last run " + Ended(last))} {Time(last.Started)}");
        if (target.Connected is not null)
            output.WriteLine($"    {ReadBack(target.Connected.Verification)}");
        if (target.Drill is { } drill)
            output.WriteLine($"    restore drill {Time(drill.Time)}: {Sizes.Count(drill.Files, "file")} came back{(drill.Failures > 0 ? Terminal.OutputStyle.Red($", {drill.Failures} did not") : "")}");
    }

    private static string ReadBack(VerificationState? state) => state switch
    {
        null => "read back: unknown",
        { Files: 0 } => "nothing to read back",
        { NeverFiles: 0 } => $"all read back, the oldest of it {Time(state.Oldest)}",
        { Oldest: null } => $"never read back ({Sizes.Bytes(state.Bytes)}): holdfast check --read-data",
        _ => $"not read back yet: {Sizes.Bytes(state.NeverBytes)} of {Sizes.Bytes(state.Bytes)}; the rest {Time(state.Oldest)} or later",
    };

    private static string Ended(CatalogRun run) => run.Outcome switch
    {
        RunOutcome.WithGaps => $"left {Sizes.Count(run.Failures, "path")} out,",
        RunOutcome.Interrupted => "was interrupted",
        _ => "failed",
    };

    private static string Time(DateTimeOffset? time) => time is { } moment ? Sizes.Time(moment) : "never";
}
