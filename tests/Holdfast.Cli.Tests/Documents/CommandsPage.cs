using System.CommandLine;
using System.Globalization;
using System.Text;
using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests.Documents;

/// <summary>docs/commands.md as the command tree would have it.</summary>
internal static class CommandsPage
{
    private const string Preface = """
        # Commands
        Reading commands take a job of the config **or** a target such as `mirror:/media/usb/backup`, then paths relative to the source.
        `--at` takes `latest`, an id or its beginning, a time (`2026-11-01`: the end of that day; `2026-11-01T14:30`, in local time or with `Z` or an offset), or N for the N-th newest (1 is the newest).
        Progress goes to standard error: one line on a terminal, elsewhere a line every 30 seconds (`HOLDFAST_PROGRESS_SECONDS` changes that). `NO_COLOR` and `COLUMNS` are respected.
        With `--json` every line of standard output is one object with a `type`; errors and progress are objects on standard error. A `path` that is not UTF-8 comes with its bytes as `path_base64`.
        On a terminal control characters in names are shown as `\xNN`; into a pipe names go as they are.

        """;

    public static string Text()
    {
        var page = new StringBuilder(Preface).Append('\n');
        page.Append("## Options of every command\n");
        Options(page, GlobalOptions.All);
        foreach (var (words, command) in CommandTree.All())
            Section(page, words, (Verb)command);
        return page.ToString();
    }

    private static void Section(StringBuilder page, string words, Verb verb)
    {
        page.Append(CultureInfo.InvariantCulture, $"## holdfast {words}\n{verb.Description}.\n");
        if (verb.Subcommands.Count > 0)
        {
            page.Append('\n');
            return;
        }
        page.Append(CultureInfo.InvariantCulture, $"\n`holdfast {words}{string.Concat(verb.Arguments.Select(Placeholder))}{(verb.Options.Count > 0 ? " [options]" : "")}`\n\n");
        foreach (var argument in verb.Arguments)
            page.Append(CultureInfo.InvariantCulture, $"- `{argument.Name}`: {argument.Description}\n");
        if (verb.Arguments.Count > 0)
            page.Append('\n');
        Options(page, verb.Options);
        page.Append(CultureInfo.InvariantCulture, $"Exit codes: {string.Join(" · ", verb.AllExitCodes.Select(c => $"{c} {ExitCode.Describe(c)}"))}\n\n");
    }

    private static string Placeholder(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "…" : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $" [{name}]" : $" {name}";
    }

    private static void Options(StringBuilder page, IEnumerable<Option> options)
    {
        var rows = options.ToList();
        if (rows.Count == 0)
            return;
        page.Append("| option | meaning |\n|---|---|\n");
        foreach (var option in rows)
            page.Append(CultureInfo.InvariantCulture, $"| `{string.Join("`, `", option.Aliases.Order(StringComparer.Ordinal).Append(option.Name))}{(option.HelpName is { } value ? $" {value.Replace("|", "\\|")}" : "")}` | {option.Description} |\n");
        page.Append('\n');
    }
}
