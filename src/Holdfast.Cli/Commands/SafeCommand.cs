using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Safe;
using Holdfast.Core.Engine.Safe;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast safe</c>: "may I delete these?".</summary>
internal static class SafeCommand
{
    private static readonly Option<string[]> In = new("--in") { Description = "Ask only these: a job, or a target such as mirror:/media/usb/backup; without it, the places of every job", HelpName = "JOB|TARGET" };
    private static readonly Option<bool> Verified = new("--verified") { Description = "Count only copies that are read back now and are right" };
    private static readonly Option<bool> Delete = new("--delete") { Description = "Delete the files that are safe, after asking; each is hashed again right before" };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "With --delete: do not ask" };

    public static Verb Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files and folders of this machine, each folder with all below it", Arity = ArgumentArity.OneOrMore };
        var verb = new Verb("safe", "Say whether files may be deleted: whether each has a copy that survives it, on another disk that is connected now; 1 when any has none")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Interrupted],
            Examples =
            [
                "holdfast safe ~/Downloads/film.mkv",
                "holdfast safe --verified ~/Photos/2019",
                "holdfast safe --delete ~/Photos/2019",
            ],
        };
        verb.Add(paths);
        foreach (var option in new Option[] { In, Verified, Delete, Yes })
            verb.Add(option);
        return verb.Does((session, parse, cancellationToken) => Task.FromResult(Run(session, parse, parse.GetRequiredValue(paths), cancellationToken)));
    }

    private static int Run(Session session, ParseResult parse, string[] paths, CancellationToken cancellationToken)
    {
        var delete = parse.GetValue(Delete);
        if (delete && !parse.GetValue(Yes) && !Question.CanBeAsked)
            throw new HoldfastException(ErrorKind.Usage, "--delete asks before it deletes, and there is no terminal to ask at.", "Give --yes as well.");
        if (delete)
            StateFolders.Require(session.StateFolder); // What goes is written down there.
        using var places = new SafePlaces(session, KnownPlaces.Open(session, Named(session, parse)));
        var check = new SafeCheck(places.Connected, parse.GetValue(Verified));
        var answer = new SafeAnswer(session, places, check);
        var (trees, safe) = (new List<LocalTree>(), new List<FileVerdict>());
        try
        {
            foreach (var path in paths)
                trees.Add(Open(path));
            answer.Run(trees, verdict =>
            {
                if (delete)
                    safe.Add(verdict);
            }, cancellationToken);
            if (safe.Count > 0 && (parse.GetValue(Yes) || Question.Ask($"delete {Sizes.Count(safe.Count, "file")} ({Sizes.Bytes(answer.Totals.SafeBytes)})?")))
                DeleteAll(session, check, safe, answer, cancellationToken);
            answer.TellTotals();
        }
        finally
        {
            foreach (var tree in trees)
                tree.Dispose();
        }
        StandardStreams.Flush(); // The answer first: what follows is for another day.
        foreach (var remark in places.Remember(cancellationToken))
            ErrorPrinter.Remark(session, remark);
        return answer.Totals is { EveryFileIsSafe: true, Left: 0 } ? ExitCode.Done : ExitCode.Failed;
    }

    private static string[] Named(Session session, ParseResult parse)
    {
        var named = parse.GetValue(In) ?? [];
        return named.Length > 0 || session.Config.File is not null
            ? named
            : throw new HoldfastException(ErrorKind.Usage, "there is no config that says where copies are.", "Name the place: --in mirror:DIR");
    }

    private static LocalTree Open(string path)
    {
        try
        {
            return LocalTree.Open(ArgumentBytes.Of(path));
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"'{path}' cannot be looked at: {e.Message}.", "Nothing is known of it, so it is not safe.", e);
        }
    }

    private static void DeleteAll(Session session, SafeCheck check, List<FileVerdict> safe, SafeAnswer answer, CancellationToken cancellationToken)
    {
        using var log = DeletionLog.Open(session.StateFolder, Environment.CurrentDirectory, session.Time);
        var deletion = new SafeDeletion(check);
        foreach (var verdict in safe)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var written = false;
            var left = deletion.Delete(verdict, about =>
            {
                log.Write(about, null);
                written = true;
            });
            if (written && left is not null)
                log.Write(verdict, left);
            answer.Tell(new Deleted(verdict, left));
        }
    }
}
