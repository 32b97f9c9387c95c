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

    /// <summary>What somebody types without seeing it; null when nobody is at the terminal, or nothing was typed.</summary>
    public static string? Secret(string what)
    {
        if (!CanBeAsked)
            return null;
        StandardStreams.Flush();
        StandardStreams.Error.Write($"{what}: ");
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        StandardStreams.Error.WriteLine();
        return typed.Length == 0 ? null : typed.ToString();
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminal(int descriptor);
}
