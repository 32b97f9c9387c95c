using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast ls</c>: what a snapshot lists.</summary>
internal static class LsCommand
{
    private static readonly Option<bool> Long = new("--long", "-l") { Description = "With type, permissions, owner, size and time" };
    private static readonly Option<bool> Recursive = new("--recursive", "-R") { Description = "With everything below" };
    private static readonly Option<bool> Null = new("--null", "-0") { Description = "End each path with a NUL, as 'xargs -0' reads it" };

    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var at = ReadingOptions.At();
        var asUploaded = ReadingOptions.AsUploaded();
        var paths = ReadingOptions.Paths("Paths relative to the source; without any, the source itself");
        var verb = new Verb("ls", "List the files of a snapshot, as paths that restore and cat take")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast ls documents", "holdfast ls -lR mirror:/media/usb/backup Projects --at 2026-11-01"],
        };
        verb.Add(place);
        foreach (var option in ReadingOptions.Reaching)
            verb.Add(option);
        verb.Add(paths);
        verb.Add(at);
        verb.Add(asUploaded);
        verb.Add(Long);
        verb.Add(Recursive);
        verb.Add(Null);
        return verb.Does((session, parse, cancellationToken) =>
        {
            using var snapshots = ReadingOptions.Open(session, parse.GetRequiredValue(place), parse.GetValue(asUploaded));
            var snapshot = ReadingOptions.Choose(session, snapshots, parse.GetRequiredValue(at));
            IPrinter<SnapshotEntry> printer = session.Json
                ? new EntryJson(StandardStreams.Out)
                : new EntryText(session.Quiet ? Stream.Null : StandardStreams.Out, parse.GetValue(Long), parse.GetValue(Null), Terminal.OutputIsTerminal);
            var code = ExitCode.Done;
            var below = parse.GetValue(paths) is { Length: > 0 } typed ? typed.Select(ArgumentBytes.Path) : [EntryPath.Root];
            foreach (var path in below)
                if (!List(snapshots, snapshot, path, parse.GetValue(Recursive), printer, cancellationToken))
                {
                    ErrorPrinter.Print(session, $"there is no '{path}' in snapshot {snapshot.Id}", ExitCode.Failed);
                    code = ExitCode.Failed;
                }
            printer.Finish();
            return Task.FromResult(code);
        });
    }

    /// <summary>False when the snapshot has no such path.</summary>
    private static bool List(ISnapshots snapshots, Snapshot snapshot, EntryPath path, bool recursive, IPrinter<SnapshotEntry> printer, CancellationToken cancellationToken)
    {
        var found = path.IsRoot;
        foreach (var item in snapshots.Entries(snapshot, path, cancellationToken))
        {
            found = true;
            var entry = item.Entry;
            // A folder that was named stands for what it holds, as with 'ls'; the source's own folder has no name.
            var isNamed = entry.Path == path;
            if (isNamed ? entry.Type != EntryType.Folder : recursive || entry.Path.Depth == path.Depth + 1)
                printer.Print(item);
        }
        return found;
    }
}
