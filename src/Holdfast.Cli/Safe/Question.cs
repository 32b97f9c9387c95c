using System.Runtime.InteropServices;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Safe;

/// <summary>A question to whoever sits at the terminal.</summary>
internal static partial class Question
{
    /// <summary>True when somebody can answer.</summary>
    public static bool CanBeAsked => IsTerminal(0) == 1;

    /// <summary>True for yes; anything else is no.</summary>
    public static bool Ask(string question)
    {
        StandardStreams.Flush();
        StandardStreams.Error.Write($"{question} [y/N] ");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes" or "YES" or "Yes";
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminal(int descriptor);
}
