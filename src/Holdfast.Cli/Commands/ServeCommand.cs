using System.CommandLine;
using Holdfast.Cli.Daemon;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Runs;
using Holdfast.Cli.Status;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Server;
using Holdfast.Server.Figures;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast serve</c>: a library over HTTP, until it is interrupted.</summary>
internal static class ServeCommand
{
    private static readonly Option<string> Library = new("--library") { Description = "The library: its folder, library:PATH, or a job that has one", HelpName = "PATH", Required = true };
    private static readonly Option<string> Listen = new("--listen") { Description = "Address and port; others than this machine only with --cert or --no-tls", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:8420" };
    private static readonly Option<string?> Certificate = new("--cert") { Description = "Certificate for HTTPS, in PEM, with those of its signers (fullchain.pem)", HelpName = "FILE" };
    private static readonly Option<string?> Key = new("--key") { Description = "Its private key, in PEM, when it is not in the same file", HelpName = "FILE" };
    private static readonly Option<string?> Restic = new("--restic") { Description = "The folder of restic repositories, served below /restic/ (default: PATH.restic)", HelpName = "DIR" };
    private static readonly Option<string?> LargestFile = new("--max-upload") { Description = "Refuse uploaded files that are larger (50G); without it, any size", HelpName = "SIZE" };
    private static readonly Option<string?> SlowestUpload = new("--min-rate") { Description = "Hang up on uploads that send less than this a second for half a minute (default: 100; 0 never)", HelpName = "SIZE" };
    private static readonly Option<bool> NoTls = new("--no-tls") { Description = "Plain HTTP on an address that others reach: a proxy in front encrypts" };

    private static readonly Option<bool> Jobs = new("--jobs") { Description = "Run the config's jobs beside it, as 'holdfast daemon' does; the page and /metrics show how they stand" };

    public static Verb Create()
    {
        var verb = new Verb("serve", "Serve a library over HTTP to Holdfast and to curl; 'token add' lets clients in")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.Locked, ExitCode.Interrupted],
            Examples = ["holdfast serve --library /srv/photos", "holdfast serve --library /srv/photos --listen 0.0.0.0:8420 --cert server.pem", "holdfast serve --library /srv/photos --jobs"],
        };
        foreach (var option in new Option[] { Library, Listen, Certificate, Key, NoTls, Restic, Jobs, LargestFile, SlowestUpload, RunFlags.Wait })
            verb.Add(option);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            var listen = ListenAddress.Parse(parse.GetRequiredValue(Listen));
            using var certificate = parse.GetValue(Certificate) is { } file ? TlsCertificate.Read(file, parse.GetValue(Key)) : null;
            using var daemon = parse.GetValue(Jobs) ? DaemonCommand.Begin(session) : null;
            await using var library = await LibraryChoice.OpenAsync(session, parse.GetRequiredValue(Library), "serve", RunFlags.WaitTime(parse), cancellationToken);
            var path = LibraryChoice.PathOf(session, parse.GetRequiredValue(Library));
            var options = new ServerOptions
            {
                Certificate = certificate,
                AllowPlain = parse.GetValue(NoTls),
                Watch = WatchTimes.Usual,
                Snapshots = session.Config.Jobs.Count == 0 ? null : new SharedSnapshots(() => [.. session.Config.Jobs.Select(j => j.Name)], job => TargetChoice.Snapshots(session, job)),
                LargestFile = FlagValue.Of(parse, LargestFile, ByteSize.Parse),
                SlowestUpload = FlagValue.Of(parse, SlowestUpload, ByteSize.Parse) switch { null => ServerOptions.UsualSlowest, 0 => null, var rate => rate },
                Repositories = parse.GetValue(Restic) is { } folder ? Path.GetFullPath(folder, session.Environment.WorkingFolder) : null,
                Jobs = daemon is null ? null : new JobFigures(() => StatusJson.OfItself(new StatusQuery(session).OfItself(session.Config.Jobs)), () => MetricsText.Of(session)),
                OnProblem = problem => ErrorPrinter.Remark(session, problem),
            };
            await using var server = await LibraryServer.StartAsync(path, library, listen, options, session.Time);
            session.Text.WriteLine($"{library.Name} is served at {server.Address}");
            session.Text.Flush();
            if (daemon is not null)
                return await new DaemonLoop(session).RunAsync(once: false, cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Done;
        });
    }
}
