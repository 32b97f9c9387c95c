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

    // Stores are also written "s3:…;secret_key=…". Only behind a scheme: a folder may well be called key=value.
    [GeneratedRegex(
        @"(?<=(?:s3:|rest:|rclone:|telegram:|://).*)(?<name>(?:[?&;,/]|(?<=s3:|rest:|rclone:|telegram:))[\w.-]*(?:password|passphrase|passwd|pass|secret|token|key)=)[^&;,\s]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Query();
}
