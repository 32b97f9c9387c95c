using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Stores.S3;

/// <summary>Where objects lie in an S3 engine: <c>s3:https://HOST[:PORT]/BUCKET[/PREFIX]</c>. Without <c>https://</c> or <c>http://</c> it is https, as in restic.</summary>
/// <param name="Endpoint">The engine, without a path.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">What the keys of all objects begin with, without slashes at its ends; empty for none.</param>
public sealed record S3Address(Uri Endpoint, string Bucket, string Prefix)
{
    /// <summary>What stands before an address in a target string.</summary>
    public const string Scheme = "s3:";

    private const string Form = "write s3:https://HOST/BUCKET/PREFIX";

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is none; says what to write.</exception>
    public static S3Address Parse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
            throw new FormatException($"'{text}' is no address of a bucket; {Form}");
        var rest = text[Scheme.Length..].TrimStart('/');
        if (!rest.Contains("://", StringComparison.Ordinal))
            rest = "https://" + rest;
        if (!Uri.TryCreate(rest, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0)
            throw new FormatException($"'{text}' is no address of a bucket; {Form}");
        if (uri.UserInfo.Length > 0)
            throw new FormatException("an address of a bucket holds no keys; they come from the environment or a credentials file");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new FormatException($"'{text}' has something behind a '?' or '#'; {Form}");

        var parts = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
            throw new FormatException($"'{text}' names no bucket; {Form}");
        if (!IsBucket(parts[0]))
            throw new FormatException($"'{parts[0]}' is no name of a bucket: 3 to 63 lower-case letters, digits, '-' and '.'");
        var prefix = string.Join('/', parts[1..]);
        if (prefix.Length > 0 && !ObjectName.TryParse(prefix, out _))
            throw new FormatException($"the prefix '{prefix}' holds something else than letters, digits, '-', '_', '.' and '='");
        return new S3Address(new Uri(uri.GetLeftPart(UriPartial.Authority)), parts[0], prefix);
    }

    /// <summary>As it is written in a target string.</summary>
    [SuppressMessage("Design", "CA1055", Justification = "Not an address that a browser knows.")]
    public override string ToString() => $"{Scheme}{Endpoint.GetLeftPart(UriPartial.Authority)}/{Bucket}{(Prefix.Length > 0 ? "/" + Prefix : "")}";

    private static bool IsBucket(string name) =>
        name.Length is >= 3 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');
}
