using System.CommandLine;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Manual;

/// <summary>The pages of a tree of commands.</summary>
internal static class ManualPages
{
    /// <summary>A page for the tree's root and for every command below it: the file's name, and its text.</summary>
    public static IEnumerable<(string Name, string Text)> All(Command root) => Below(root, []);

    /// <summary>Writes them into a folder.</summary>
    /// <exception cref="HoldfastException">It cannot be written.</exception>
    public static void Write(IEnumerable<(string Name, string Text)> pages, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (name, text) in pages)
                File.WriteAllText(Path.Combine(folder, name), text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"cannot write the manual: {e.Message}", "Name a folder that you may write to.", e);
        }
    }

    private static IEnumerable<(string Name, string Text)> Below(Command command, IReadOnlyList<string> parents)
    {
        var page = new ManualPage(command, parents);
        var inside = command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Below(c, [.. parents, NameOf(command, parents)]));
        return inside.Prepend((page.Name + ".1", page.Text()));
    }

    /// <summary>The root is called as the program is, whatever file it runs from.</summary>
    public static string NameOf(Command command, IReadOnlyList<string> parents) => parents.Count == 0 ? "holdfast" : command.Name;
}
