using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Core.Jobs;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Commands;

/// <summary>What the reading verbs have in common: a job or a target string, and the snapshot that is meant.</summary>
internal static class ReadingOptions
{
    public static Argument<string> Place()
    {
        var place = new Argument<string>("JOB|TARGET") { Description = "A job of the config, or a target such as mirror:/media/usb/backup" };
        place.CompletionSources.Add(JobNames.Complete);
        return place;
    }

    public static Argument<string[]> Paths(string description) => new("PATH") { Description = description, Arity = ArgumentArity.ZeroOrMore };

    /// <summary>For volumes without a config.</summary>
    public static readonly Option<string?> PassphraseFile = new("--gpg-passphrase-file") { Description = "The file whose first line is the passphrase of volumes", HelpName = "FILE" };

    /// <summary>How a place is reached that no config knows.</summary>
    public static IEnumerable<Option> Reaching => [PassphraseFile, .. Runs.StoreFlags.All];

    public static Option<string> At() => new("--at")
    {
        Description = "The snapshot: latest, an id, a time (as it was then), or N for the N-th newest",
        HelpName = "SNAPSHOT",
        DefaultValueFactory = _ => "latest",
    };

    public static Option<string?> AsUploaded() => new("--as-uploaded")
    {
        Description = "Of a library: what this client uploaded, under the names it had there, wherever it lies now",
        HelpName = "CLIENT",
    };

    /// <summary>The snapshots of what was named; with a client, what that uploaded.</summary>
    public static ISnapshots Open(Session session, string place, string? client) =>
        client is null ? Open(session, place) : LibraryChoice.OpenUploaded(session, place, client);

    /// <summary>The snapshots of what was named.</summary>
    public static ISnapshots Open(Session session, string place) => Open(session, place, target: (TargetAddress?)null);

    /// <summary>The same; of a job with several targets, of the one that is meant.</summary>
    public static ISnapshots Open(Session session, string place, TargetAddress? target)
    {
        var snapshots = target is null ? TargetChoice.Snapshots(session, place) : TargetChoice.Open(session, place, target).OpenSnapshots();
        foreach (var warning in snapshots.Warnings)
            ErrorPrinter.Remark(session, warning);
        return snapshots;
    }

    /// <summary>The snapshot that was asked for.</summary>
    public static Snapshot Choose(Session session, ISnapshots snapshots, string at)
    {
        var chosen = SnapshotChoice.Choose(snapshots.Snapshots, at, session.Time.LocalTimeZone);
        if (chosen.IsIncomplete)
            ErrorPrinter.Remark(session, $"the snapshot {chosen.Id} is incomplete: part of what its run recorded is lost, and it may lack paths or show them as they were before");
        else if (at is "latest" && snapshots.Snapshots[^1] is { IsIncomplete: true } newer)
            ErrorPrinter.Remark(session, $"the newer snapshot {newer.Id} is incomplete: 'latest' is {chosen.Id}, and --at {newer.Id} shows what is left of the other");
        return chosen;
    }
}
