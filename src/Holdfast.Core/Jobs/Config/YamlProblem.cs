using System.Globalization;
using Holdfast.Core.Sources.Rules;
using YamlDotNet.Core;

namespace Holdfast.Core.Jobs.Config;

/// <summary>Says in words of people what a YAML parser stumbled over.</summary>
internal static class YamlProblem
{
    public static ConfigProblem Describe(YamlException e, string text, string file)
    {
        var line = Math.Max(1, Convert.ToInt32(e.Start.Line, CultureInfo.InvariantCulture));
        var lines = text.Split('\n');
        // The parser points at the value around a tab, or at the first line of the block, not at the tab's line.
        var last = Reason(e).Contains(" tab ", StringComparison.Ordinal) ? lines.Length : Math.Max(line, Convert.ToInt32(e.End.Line, CultureInfo.InvariantCulture));
        for (var n = line; n <= Math.Min(lines.Length, last + 1); n++)
            if (Indentation(lines[n - 1]).Contains('\t', StringComparison.Ordinal))
                return new ConfigProblem(new SourceLine(file, n), "the line is indented with a tab; YAML allows only spaces there");
        return new ConfigProblem(new SourceLine(file, line), $"this is not YAML: {Reason(e)}");
    }

    private static string Indentation(string line) => line[..(line.Length - line.TrimStart().Length)];

    private static string Reason(YamlException e)
    {
        var reason = e.InnerException?.Message ?? e.Message;
        return char.ToLowerInvariant(reason[0]) + reason[1..].TrimEnd('.');
    }
}
