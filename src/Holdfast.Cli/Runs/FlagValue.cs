using System.CommandLine;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Runs;

/// <summary>Values of flags that are written as in the config: sizes, durations, shares.</summary>
internal static class FlagValue
{
    /// <summary>The value, or null when the flag was not given.</summary>
    /// <exception cref="HoldfastException">It means nothing.</exception>
    public static T? Of<T>(ParseResult parse, Option<string?> option, Func<string, T> read)
        where T : struct =>
        parse.GetValue(option) is { } text ? Read(option, () => read(text)) : null;

    /// <summary>The tags of a flag that may be given several times, with commas between tags too.</summary>
    /// <exception cref="HoldfastException">One of them is none.</exception>
    public static IReadOnlyList<string> Tags(ParseResult parse, Option<string[]> option) =>
        Read(option, () => SnapshotTags.Sorted((parse.GetValue(option) ?? []).SelectMany(SnapshotTags.ParseList)));

    /// <summary>The snapshots a flag means.</summary>
    /// <exception cref="HoldfastException">A tag is none.</exception>
    public static TagFilter TagFilter(ParseResult parse, Option<string[]> option) =>
        Read(option, () => Core.Targets.TagFilter.Parse(parse.GetValue(option) ?? []));

    /// <summary>What a flag's value means.</summary>
    /// <exception cref="HoldfastException">Nothing; names the flag.</exception>
    public static T Read<T>(Option option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw new HoldfastException(ErrorKind.Usage, $"{option.Name}: {e.Message}.", inner: e);
        }
    }
}
