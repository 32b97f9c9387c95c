using System.CommandLine;
using System.Globalization;

namespace Holdfast.Cli.Manual;

/// <summary>The manual page of one command.</summary>
/// <param name="command">The command.</param>
/// <param name="parents">The words before its own.</param>
internal sealed class ManualPage(Command command, IReadOnlyList<string> parents)
{
    private readonly List<string> _words = [.. parents, ManualPages.NameOf(command, parents)];

    /// <summary>As man(1) is asked for it: holdfast-config-show.</summary>
    public string Name => string.Join('-', _words);

    private IEnumerable<Command> Commands => command.Subcommands.Where(c => !c.Hidden);

    public string Text()
    {
        var page = new Roff();
        page.Request("TH", Name.ToUpperInvariant(), "1", "", "Holdfast", "Holdfast");
        page.Section("NAME");
        page.Paragraph($"{Name} - {(command.Description ?? "").TrimEnd('.')}");
        page.Section("SYNOPSIS");
        page.Typed(Synopsis());
        List(page, "ARGUMENTS", command.Arguments.Where(a => !a.Hidden).Select(a => (a.Name, a.Description)));
        List(page, "COMMANDS", Commands.Select(c => ($"{string.Join(' ', _words)} {c.Name}", c.Description)));
        List(page, "OPTIONS", command.Options.Where(o => !o.Hidden && !(parents.Count > 0 && GlobalOptions.All.Contains(o))).Select(o => (Usage(o), o.Description)));
        if (parents.Count > 0)
            List(page, "OPTIONS OF EVERY COMMAND", GlobalOptions.All.Select(o => (Usage(o), o.Description)));
        if (command is Verb { Examples.Count: > 0 } verb)
        {
            page.Section("EXAMPLES");
            foreach (var example in verb.Examples)
                page.Typed(example);
        }
        var codes = (command as Verb)?.AllExitCodes ?? [0, 1, 2, 3, 10, 11, 12, 130];
        List(page, "EXIT STATUS", codes.Select(c => (c.ToString(CultureInfo.InvariantCulture), (string?)ExitCode.Describe(c))));
        page.Section("SEE ALSO");
        page.Paragraph(string.Join(", ", SeeAlso().Select(n => n + "(1)")));
        return page.ToString();
    }

    private IEnumerable<string> SeeAlso() =>
        Commands.Any() ? Commands.Select(c => $"{Name}-{c.Name}") : Enumerable.Range(1, parents.Count).Select(n => string.Join('-', parents.Take(n)));

    private string Synopsis() => string.Join(' ', [
        .. _words,
        .. command.Arguments.Where(a => !a.Hidden).Select(Placeholder),
        .. Commands.Any() ? ["COMMAND"] : Array.Empty<string>(),
        "[options]",
    ]);

    private static string Placeholder(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "..." : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Usage(Option option) =>
        string.Join(", ", option.Aliases.Order(StringComparer.Ordinal).Append(option.Name)) + (option.HelpName is { } value ? " " + value : "");

    private static void List(Roff page, string title, IEnumerable<(string Term, string? Meaning)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
            return;
        page.Section(title);
        foreach (var (term, meaning) in all)
            page.Term(term, $"{(meaning ?? "").TrimEnd('.')}.");
    }
}
