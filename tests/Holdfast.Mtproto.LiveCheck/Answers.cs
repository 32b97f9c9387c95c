using System.Text;

namespace Holdfast.Mtproto.LiveCheck;

/// <summary>What only the person knows: from an environment variable, or typed in. Secrets are not shown while they are typed.</summary>
internal static class Answers
{
    public static string Ask(string variable, string question, bool isSecret = false)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value) return value;
        Console.Write(question + ": ");
        if (!isSecret || Console.IsInputRedirected) return Console.ReadLine()?.Trim() ?? "";
        var typed = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace && typed.Length > 0) typed.Length--;
            else if (key.KeyChar >= ' ') typed.Append(key.KeyChar);
        }
        Console.WriteLine();
        return typed.ToString();
    }
}
