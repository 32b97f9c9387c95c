using System.CommandLine;
using Holdfast.Cli.Manual;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast manual</c>: the manual's pages, out of the same tree of commands that is run.</summary>
internal static class ManualCommand
{
    public static Verb Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder; it is made when there is none" };
        var verb = new Verb("manual", "Write manual pages for man(1), one for each command, into a folder")
        {
            ExitCodes = [ExitCode.Failed],
            Examples = ["holdfast manual ~/.local/share/man/man1"],
        };
        verb.Add(folder);
        return verb.Does((session, parse, _) =>
        {
            var to = Path.GetFullPath(parse.GetRequiredValue(folder));
            var pages = ManualPages.All(CommandLine.Build()).ToList();
            ManualPages.Write(pages, to);
            session.Text.WriteLine($"{Sizes.Count(pages.Count, "page")} in {to}");
            return Task.FromResult(ExitCode.Done);
        });
    }
}
