using System.Text.RegularExpressions;

namespace Holdfast.Core.Jobs.Config;

/// <summary>Finds passwords in addresses, where they would be seen in argv, logs and reports (promise 10).</summary>
internal static partial class UrlSecrets
{
    /// <summary>The text with its passwords masked, or null when it holds none.</summary>
    public static string? Find(string text)
    {
        var masked = UserInfo().Replace(text, "${user}:***@");
        masked = Query().Replace(masked, "${name}***");
        return string.Equals(masked, text, StringComparison.Ordinal) ? null : masked;
    }

    // A password may hold '/' although it should be escaped; "host:8000/path@x" is a port, not a password.
    [GeneratedRegex(@"(?<user>://[^/@\s:\[]*):(?!\d+(?:/|$))[^@\s]*@", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(?<name>[?&](?:password|passphrase|secret|token|sslpassword|access_token)=)[^&\s]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Query();
}
