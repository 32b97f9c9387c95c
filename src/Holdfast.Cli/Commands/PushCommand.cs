using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Runs;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;
using Holdfast.Library.Http;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast push</c>: files and folders to a library's server, without a config.</summary>
internal static class PushCommand
{
    private static readonly Argument<string> Server = new("SERVER") { Description = "The library's server: https://HOST:PORT" };
    private static readonly Argument<string[]> Paths = new("PATH") { Description = "Folders: their files keep their paths; of several, each under its folder's name", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Into = new("--into") { Description = "The folder of the library that new files go to", HelpName = "FOLDER" };
    private static readonly Option<string?> TokenFile = new("--token-file") { Description = "The file with the token; without it, HOLDFAST_TOKEN or a question", HelpName = "FILE" };
    private static readonly Option<bool> Verify = new("--verify") { Description = "Wait until the server has read everything back from its disk; cards and phones are read again, too, for there size and time do not tell of every change" };

    public static Verb Create()
    {
        var verb = new Verb("push", "Send files to a library's server; what it has, under whatever name, is not sent again")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Incomplete, ExitCode.NoPlace, ExitCode.Locked, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast push https://nas.local:8420 /media/card/DCIM --verify", "holdfast push http://127.0.0.1:8420 ~/Photos/2019 --into sorted/2019 --token-file ~/.config/holdfast/nas.token"],
        };
        verb.Add(Server);
        verb.Add(Paths);
        foreach (var option in new Option[] { Into, TokenFile, Verify }.Concat(RunFlags.All).Concat(JobFlags.All))
            verb.Add(option);
        return verb.Does(RunAsync);
    }

    private static async Task<int> RunAsync(Session session, ParseResult parse, CancellationToken cancellationToken)
    {
        var address = AddressOf(session, parse.GetRequiredValue(Server));
        var verifies = parse.GetValue(Verify) && !parse.GetValue(RunFlags.DryRun);
        var job = TypedJob.Of(session, parse, parse.GetRequiredValue(Paths), [address]);
        // Invariant: what is said to be verified is what the files hold now.
        if (verifies && !job.From.All(TellsOfEveryChange))
            job = new Job(job.Name, job.Options with { Checksum = true }, session.Environment.WorkingFolder, isAdHoc: true);
        var file = parse.GetValue(TokenFile) is { } name ? PathValue.Absolute(name, session.Environment.WorkingFolder, session.Environment) : null;
        var token = new Lazy<string>(() => LibraryToken.Read(file));
        var target = new HttpLibraryTarget(job.To[0].Location, () => token.Value, session.Time) { Into = IntoOf(parse) };
        var code = await new JobRunner(session, parse) { OpenTarget = _ => target }.RunAsync([job], cancellationToken);
        if (!verifies || code is not (ExitCode.Done or ExitCode.Incomplete))
            return code;
        return ExitCode.Worse(code, await VerifyAsync(session, target, job, cancellationToken));
    }

    private static async Task<int> VerifyAsync(Session session, HttpLibraryTarget target, Job job, CancellationToken cancellationToken)
    {
        var (files, wrong) = await target.VerifyAsync(session.Config.Client, job.Name, cancellationToken);
        foreach (var path in wrong)
            ErrorPrinter.Remark(session, $"{path}: the server does not hold it as it was sent; send it again");
        if (session.Json)
            JsonLine.Write(StandardStreams.Out, json =>
            {
                json.WriteString("type", "verified");
                json.WriteNumber("files", files - wrong.Count);
                json.WriteNumber("wrong", wrong.Count);
            });
        else
            session.Text.WriteLine($"read back by the server: {Sizes.Count(files - wrong.Count, "file")}");
        return wrong.Count == 0 ? ExitCode.Done : ExitCode.Incomplete;
    }

    /// <summary>Where files have a ctime of their own nothing is written to one without a trace; what cannot be opened fails soon enough.</summary>
    private static bool TellsOfEveryChange(string path)
    {
        try
        {
            using var folder = LocalFolders.OpenForReading(path);
            return folder.Traits.StableIdentity;
        }
        catch (FileSystemException)
        {
            return false; // A file, perhaps: read it.
        }
    }

    private static string AddressOf(Session session, string typed)
    {
        var text = typed.StartsWith("library:", StringComparison.Ordinal) ? typed : "library:" + typed;
        return TargetOpening.Parse(session, text).Location.StartsWith("http", StringComparison.Ordinal)
            ? text
            : throw new HoldfastException(ErrorKind.Usage, $"'{typed}' is no server.", "Write it like https://nas.local:8420; for a folder there is 'holdfast backup PATH --to library:FOLDER'.");
    }

    private static EntryPath IntoOf(ParseResult parse)
    {
        try
        {
            return parse.GetValue(Into) is { } folder ? EntryPath.From(folder.Trim('/')) : EntryPath.Root;
        }
        catch (ArgumentException e)
        {
            throw new HoldfastException(ErrorKind.Usage, $"--into: {e.Message}", "Name a folder of the library, such as sorted/2019.", e);
        }
    }
}
