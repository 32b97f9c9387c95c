using System.Text.RegularExpressions;

namespace Holdfast.Cli.Tests.Documents;

/// <summary>A line typed in a document, and the output the document shows.</summary>
internal sealed record Example(string Line, string Output)
{
    /// <summary>The examples of a document: in blocks fenced as console, each line that begins with "$ ".</summary>
    public static IReadOnlyList<Example> In(string markdown)
    {
        var examples = new List<Example>();
        foreach (Match block in Regex.Matches(markdown, "^```console\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline))
            foreach (var part in Regex.Split(block.Groups["text"].Value, "^\\$ ", RegexOptions.Multiline).Skip(1))
            {
                var end = part.IndexOf('\n');
                examples.Add(new Example(part[..end], part[(end + 1)..]));
            }
        return examples;
    }

    /// <summary>Output with what differs from run to run and from machine to machine taken out.</summary>
    public static string WithPlaceholders(string output)
    {
        output = Regex.Replace(output, @"\b(\d{6})-\d{8}T\d{6}Z\b", "$1-TIME");
        output = Regex.Replace(output, @"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\dZ?", "TIME");
        output = Regex.Replace(output, @"\b[0-9a-f]{32}\b", "ID");
        output = Regex.Replace(output, @"\b\d+(\.\d+)? ([KMG]i)?B/s", "RATE");
        output = Regex.Replace(output, @"\b(\d+:)?\d+:\d\d\b", "DURATION");
        return Regex.Replace(output, " +", " ").TrimEnd();
    }
}
