using System.Text;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Sources.Rules;

/// <summary>The meaning of a pattern is git's: random patterns over a small tree, decided by `git check-ignore` and by us.</summary>
public sealed class PatternsAgainstGitTests
{
    private static readonly string[] Names = ["a", "b", "ab", "abc", "c.log", "d.LOG", "x y", "[a]", "-z", "a*b", "é", "q\\"];
    private static readonly string[] Tokens =
        ["a", "b", "ab", "c", ".", "log", "*", "**", "?", "/", "/", "[ab]", "[!a]", "[^b]", "[a-c]", "[]-]", "[[:alpha:]]", "[[:upper:]x]", "\\*", "\\[", " ", "é", "x y", "-", "\\\\"];

    [Fact]
    public void APatternNamesWhatGitSaysItNames()
    {
        var random = new Random(RandomSeed.Next());
        using var folder = new TemporaryFolder();
        Command.Must("git", "init", "-q", folder.Path);
        var tree = MakeTree(folder.Path, random);
        var decided = 0;
        for (var round = 0; round < 800; round++)
        {
            var patterns = Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomPattern(random)).Where(IsPattern).ToList();
            if (patterns.Count == 0)
                continue;
            var expected = AskGit(folder.Path, patterns, tree);
            var rules = RuleList.Parse(patterns.Select(p => new RuleText(p)));
            foreach (var (path, isFolder) in tree)
            {
                var ours = Decide(rules, path, isFolder);
                ours.ShouldBe(expected[path], $"patterns [{string.Join(" | ", patterns)}] on '{path}'");
                decided += ours is null ? 0 : 1;
            }
        }
        decided.ShouldBeGreaterThan(200);
    }

    /// <summary>As git does it: the topmost excluded folder decides for everything below it.</summary>
    private static string? Decide(RuleList rules, EntryPath path, bool isFolder)
    {
        var way = new Stack<EntryPath>();
        for (var at = path; !at.IsRoot; at = at.Parent)
            way.Push(at);
        Rule? last = null;
        foreach (var at in way)
        {
            last = rules.LastMatch(at, isFolder || at != path);
            if (last is { Negated: false })
                break;
        }
        return last?.Source.Text;
    }

    private static Dictionary<EntryPath, string?> AskGit(string folder, List<string> patterns, List<(EntryPath Path, bool IsFolder)> tree)
    {
        File.WriteAllText(Path.Combine(folder, ".git", "info", "exclude"), string.Join('\n', patterns) + "\n");
        var input = tree.SelectMany(t => (byte[])[.. t.Path.Bytes, 0]).ToArray();
        var git = Command.Run("git", ["-c", "core.ignorecase=false", "check-ignore", "--no-index", "-v", "-n", "-z", "--stdin"], input, folder);
        git.ExitCode.ShouldBeLessThan(2, git.ErrorText);
        var fields = git.Text.Split('\0');
        var answers = new Dictionary<EntryPath, string?>();
        for (var i = 0; i + 3 < fields.Length; i += 4)
            answers[EntryPath.From(fields[i + 3])] = fields[i + 2].Length == 0 ? null : fields[i + 2];
        return answers;
    }

    private static string RandomPattern(Random random)
    {
        var text = new StringBuilder(random.Next(6) == 0 ? "!" : "");
        for (var i = random.Next(1, 6); i > 0; i--)
            text.Append(Tokens[random.Next(Tokens.Length)]);
        return text.ToString().TrimEnd(' ');
    }

    /// <summary>
    /// What gitignore takes for no pattern at all is an error in a config, and nothing to compare. "a**/b" is left out too:
    /// gitignore(5) calls such stars ordinary ones, but git cuts off the literal start first and then takes them for "**/".
    /// </summary>
    private static bool IsPattern(string text)
    {
        if (System.Text.RegularExpressions.Regex.IsMatch(text, @"[^/!*]\*\*+(/|$)"))
            return false;
        try
        {
            Rule.Parse(new RuleText(text));
            return true;
        }
        catch (RuleException)
        {
            return false;
        }
    }

    private static List<(EntryPath Path, bool IsFolder)> MakeTree(string root, Random random)
    {
        var tree = new List<(EntryPath, bool)>();
        Fill(EntryPath.Root, 0);
        return tree;

        void Fill(EntryPath folder, int depth)
        {
            foreach (var name in Names)
            {
                if (random.Next(3) == 0)
                    continue;
                var path = folder.Child(Encoding.UTF8.GetBytes(name));
                var isFolder = depth < 2 && random.Next(3) == 0;
                var full = Path.Combine(root, Encoding.UTF8.GetString(path.Bytes));
                tree.Add((path, isFolder));
                if (isFolder)
                {
                    Directory.CreateDirectory(full);
                    Fill(path, depth + 1);
                }
                else
                {
                    File.WriteAllText(full, "");
                }
            }
        }
    }
}
