using System.CommandLine;
using System.Text;
using Holdfast.Cli.Output;
using Holdfast.Cli.Packaging;
using Holdfast.Cli.Places;
using Holdfast.Core.Jobs.Config;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast package</c>: the program and a config on a disk that is carried around.</summary>
internal static class PackageCommand
{
    private const string Config = "holdfast.yaml";

    private static readonly Argument<string> Folder = new("DIR") { Description = "The folder, for example on a stick; it is made when the one above it is there" };

    public static Verb Create()
    {
        var verb = new Verb("package", "Put Holdfast on a disk: a program that needs nothing installed, a config and a README")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Interrupted],
            Examples = ["holdfast package /media/usb", "sh /media/usb/holdfast backup"],
        };
        verb.Add(Folder);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            var path = Path.GetFullPath(parse.GetRequiredValue(Folder), session.Environment.WorkingFolder);
            var folder = new PackageFolder(Path.TrimEndingDirectorySeparator(path));
            var size = 0L;
            await folder.ReplaceAsync(PackagedProgram.Name, runnable: true, async file =>
            {
                await PackagedProgram.WriteAsync(session, file, cancellationToken);
                size = PackageFolder.SizeOf(file);
            });
            await folder.WriteAsync("holdfast", Resource("launcher.sh"), runnable: true);
            await folder.WriteAsync("README.txt", Resource("README.txt"));
            var job = folder.Has(Config) ? null : await WriteConfigAsync(session, folder);
            var printer = session.Printer(text => new PackageText(text), json => new PackageJson(json));
            printer.Print(new Packaged(path, PackagedProgram.Name, size, job));
            printer.Finish();
            return ExitCode.Done;
        });
    }

    /// <summary>Everything it keeps lies on the same disk, wherever that is mounted.</summary>
    private static async Task<string> WriteConfigAsync(Session session, PackageFolder folder)
    {
        var guess = FirstConfig.Guess(session.Environment);
        await folder.WriteAsync(Config, ConfigTemplate.Text(session.Environment.HostName, guess.Job, guess.Source, "mirror:backup", state: "state"));
        return guess.Job;
    }

    private static string Resource(string name)
    {
        using var stream = typeof(PackageCommand).Assembly.GetManifestResourceStream("package/" + name)!;
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return Encoding.UTF8.GetString(text);
    }
}
