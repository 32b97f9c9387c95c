using System.CommandLine;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>Values of flags that are written as in the config: sizes, durations, shares.</summary>
internal static class FlagValue
{
    /// <summary>The value, or null when the flag was not given.</summary>
    /// <exception cref="HoldfastException">It means nothing.</exception>
    public static T? Of<T>(ParseResult parse, Option<string?> option, Func<string, T> read)
        where T : struct
    {
        if (parse.GetValue(option) is not { } text)
            return null;
        try
        {
            return read(text);
        }
        catch (FormatException e)
        {
            throw new HoldfastException(ErrorKind.Usage, $"{option.Name}: {e.Message}.", inner: e);
        }
    }
}
