using System.Globalization;
using System.Text;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Sources.Rules;

/// <summary>The same patterns over the same tree, by us and by git itself.</summary>
public sealed class PatternsAgainstGitTests
{
    private const int Rounds = 250;
    private static readonly string[] Names = ["a", "b", "ab", "ba", "a.b", ".a", "a b", "a ", "#a", "!a", "a*", "[a]", "a\\b", "]", "-", "Z", "ä", "a-c", "1"];
    private static readonly byte[] NotUtf8 = [(byte)'a', 0xff];

    [Fact]
    public void EveryPathIsDecidedByThePatternThatDecidesInGit()
    {
        Peer.Require("git");
        var seed = RandomSeed.Next();
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        Command.Must("git", "init", "-q", folder.Path);
        var entries = MakeTree(folder, random);
        var decided = 0;

        for (var round = 0; round < Rounds; round++)
        {
            var patterns = Patterns(random);
            var expected = AskGit(folder, patterns, entries);
            var rules = RuleList.Parse(patterns.Select((p, i) => new RuleText(p, new SourceLine("rules", i + 1))));
            foreach (var (path, isFolder) in entries)
            {
                var ours = Decide(rules, path, isFolder);
                var git = expected[path];
                decided += git is null ? 0 : 1;
                (ours?.Source.Where!.Line).ShouldBe(git, $"seed {seed}, round {round}, path '{path}', patterns:\n{string.Join('\n', patterns)}");
            }
        }
        decided.ShouldBeGreaterThan(Rounds, "the patterns hardly ever match: the test shows nothing");
    }

    [Fact]
    public void WhatWeCallABadPatternNeverMatchesInGit()
    {
        Peer.Require("git");
        var seed = RandomSeed.Next();
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        Command.Must("git", "init", "-q", folder.Path);
        var entries = MakeTree(folder, random);
        var refused = new List<string>();
        for (var i = 0; i < 20_000 && refused.Count < 200; i++)
        {
            var pattern = Pattern(random);
            if (!IsValid(pattern))
                refused.Add(pattern);
        }

        refused.Count.ShouldBeGreaterThan(50);
        var matched = AskGit(folder, refused, entries).Values.Where(line => line is not null);
        matched.Select(line => refused[line!.Value - 1]).Where(p => p != "!").Distinct().ShouldBeEmpty($"seed {seed}");
    }

    // git: once a folder is ignored, what lies below is not looked at; else the last pattern that matches the path itself.
    private static Rule? Decide(RuleList rules, EntryPath path, bool isFolder)
    {
        if (!path.Parent.IsRoot && Decide(rules, path.Parent, isFolder: true) is { Negated: false } above)
            return above;
        return rules.LastMatch(path, isFolder);
    }

    private static Dictionary<EntryPath, int?> AskGit(TemporaryFolder folder, IReadOnlyList<string> patterns, List<(EntryPath Path, bool IsFolder)> entries)
    {
        // Outside the tree, so that no path is called like it.
        System.IO.File.WriteAllText(folder[".git/info/exclude"], string.Concat(patterns.Select(p => p + "\n")));
        var input = entries.SelectMany(e => (byte[])[.. e.Path.Bytes, 0]).ToArray();
        var run = Command.Run("git", ["-c", "core.ignorecase=false", "check-ignore", "--no-index", "-v", "-n", "-z", "--stdin"], input, folder.Path);
        run.ExitCode.ShouldBeLessThan(2, run.ErrorText);
        var fields = Split(run.Output);
        var verdicts = new Dictionary<EntryPath, int?>();
        for (var i = 0; i + 3 < fields.Count; i += 4)
            verdicts[EntryPath.From(fields[i + 3])] = fields[i + 1].Length == 0 ? null : int.Parse(Encoding.ASCII.GetString(fields[i + 1]), CultureInfo.InvariantCulture);
        verdicts.Count.ShouldBe(entries.Count);
        return verdicts;
    }

    private static List<(EntryPath Path, bool IsFolder)> MakeTree(TemporaryFolder folder, Random random)
    {
        var entries = new List<(EntryPath Path, bool IsFolder)>();
        Fill(EntryPath.Root, 0);
        var folders = entries.Where(e => e.IsFolder).SelectMany(e => (byte[])[.. "./"u8, .. e.Path.Bytes, 0]).ToArray();
        var files = entries.Where(e => !e.IsFolder).SelectMany(e => (byte[])[.. "./"u8, .. e.Path.Bytes, 0]).ToArray();
        Command.Run("xargs", ["-0", "mkdir", "--"], folders, folder.Path).ExitCode.ShouldBe(0);
        Command.Run("xargs", ["-0", "touch", "--"], files, folder.Path).ExitCode.ShouldBe(0);
        return entries;

        void Fill(EntryPath at, int depth)
        {
            foreach (var name in Names.Select(Encoding.UTF8.GetBytes).Append(NotUtf8).OrderBy(_ => random.Next()).Take(depth == 0 ? 12 : 5))
            {
                var isFolder = depth < 3 && random.Next(2) == 0;
                entries.Add((at.Child(name), isFolder));
                if (isFolder)
                    Fill(at.Child(name), depth + 1);
            }
        }
    }

    private static List<string> Patterns(Random random)
    {
        var patterns = new List<string>();
        while (patterns.Count < 6)
            if (Pattern(random) is var pattern && IsValid(pattern))
                patterns.Add(pattern);
        return patterns;
    }

    private static bool IsValid(string pattern)
    {
        try
        {
            RuleList.Parse([new RuleText(pattern)]);
            return true;
        }
        catch (RuleException)
        {
            return false;
        }
    }

    private static string Pattern(Random random)
    {
        string[] parts =
        [
            "a", "b", "ab", "*", "*", "**", "**/", "/**", "/**/", "***", "/", "/", "?", "[ab]", "[!a]", "[^a]", "[a-c]", "[]a]", "[!]a]", "[a-]", "[-a]", "[z-a]",
            "[[:alpha:]]", "[[:punct:]]", "[^[:alnum:]]", "[[:space:]x]", "[[:upper:][:digit:]]", "[[:x", "[[:nope:]]", "[[:a]", "[a-[:alpha:]]", "[\\]a]", "[a\\-c]", "[\\\\]", "[a-\\c]", "[ä]", "[", "]",
            "\\a", "\\*", "\\ ", "\\#", "\\!", "\\[", "\\\\", "\\", "\\/", " ", "#", "!", ".", "-", "ä", "Z", "*.b", "a*",
        ];
        var text = new StringBuilder();
        if (random.Next(5) == 0)
            text.Append('!');
        if (random.Next(6) == 0)
            text.Append('/');
        for (var i = random.Next(1, 6); i > 0; i--)
            text.Append(parts[random.Next(parts.Length)]);
        if (random.Next(6) == 0)
            text.Append('/');
        return text.ToString();
    }

    private static List<byte[]> Split(byte[] output)
    {
        var fields = new List<byte[]>();
        var start = 0;
        for (var i = 0; i < output.Length; i++)
            if (output[i] == 0)
            {
                fields.Add(output[start..i]);
                start = i + 1;
            }
        return fields;
    }
}
