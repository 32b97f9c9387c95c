using System.Text.RegularExpressions;

namespace Holdfast.Core.Jobs.Config;

/// <summary><c>${NAME}</c> in a value is the environment variable NAME; <c>$${</c> is the characters <c>${</c>.</summary>
internal static partial class EnvironmentText
{
    /// <exception cref="FormatException">A variable is not set, or a name is none; says which.</exception>
    public static string Expand(string text, ConfigEnvironment environment)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        return Variable().Replace(text, match =>
        {
            if (match.Value[1] == '$')
                return "${";
            var name = match.Groups["name"].Value;
            if (!match.Value.EndsWith('}') || !Name().IsMatch(name))
                throw new FormatException($"'{match.Value}' is no variable; write ${{NAME}}, or $${{ for the characters ${{");
            return environment.Variable(name)
                ?? throw new FormatException($"the environment variable {name} is not set; write $${{{name}}} if the characters are meant");
        });
    }

    [GeneratedRegex(@"\$\$\{|\$\{(?<name>[^}]*)\}?", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
