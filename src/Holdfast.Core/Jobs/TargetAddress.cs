using Holdfast.Core.Jobs.Config;

namespace Holdfast.Core.Jobs;

/// <summary>A target as people write it: <c>mirror:/media/usb/backup</c>. It never holds a secret, so it may be shown anywhere.</summary>
/// <param name="Kind">The layout.</param>
/// <param name="Location">An absolute path, or the address of a server, chat or store.</param>
public sealed record TargetAddress(TargetKind Kind, string Location)
{
    // What stands before the first ':' of a location that is not a path.
    private static readonly string[] LibrarySchemes = ["https:", "http:", "telegram:"];
    private static readonly string[] StoreSchemes = ["s3:", "rest:", "rclone:", "telegram:"];

    /// <summary>The layout's name in a target string.</summary>
    public string Word => Kind.ToString().ToLowerInvariant();

    /// <summary>The path of a place on this machine, or null when it is elsewhere.</summary>
    public string? LocalPath => Location.StartsWith('/') ? Location : null;

    /// <summary>Reads a target string.</summary>
    /// <param name="text">LAYOUT:LOCATION.</param>
    /// <param name="baseFolder">What relative paths are relative to: the folder of the config file, or the working folder.</param>
    /// <param name="environment">Knows what <c>~</c> means; null for this process.</param>
    /// <exception cref="FormatException">It is no target, or holds a password; says what to write instead.</exception>
    public static TargetAddress Parse(string text, string baseFolder, ConfigEnvironment? environment = null)
    {
        if (UrlSecrets.Find(text) is { } masked)
            throw new FormatException(
                $"'{masked}' holds a password, and targets are shown in reports and logs; take it out of the target "
                + "and name the file that holds it with password_file or token_file");

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var word = colon < 0 ? "" : text[..colon];
        var kinds = Enum.GetValues<TargetKind>();
        var names = kinds.Select(k => k.ToString().ToLowerInvariant()).ToArray();
        var index = Array.IndexOf(names, word);
        if (index < 0)
            throw new FormatException(NoLayout(text, word, names));

        var location = text[(colon + 1)..];
        if (location.Length == 0)
            throw new FormatException($"'{text}' says what to make but not where; write {word}:PATH");
        var schemes = kinds[index] switch
        {
            TargetKind.Library => LibrarySchemes,
            TargetKind.Repository or TargetKind.Volumes => StoreSchemes,
            _ => [],
        };
        return schemes.Any(s => location.StartsWith(s, StringComparison.Ordinal))
            ? new TargetAddress(kinds[index], location)
            : new TargetAddress(kinds[index], PathValue.Absolute(location, baseFolder, environment ?? ConfigEnvironment.OfProcess()));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Word}:{Location}";

    private static string NoLayout(string text, string word, string[] names)
    {
        if (NearestName.Find(word, names) is { } near)
            return $"'{word}:' is no target; did you mean '{near}:'?";
        return word.Length == 0 || text.StartsWith('/') || text.StartsWith('.') || text.StartsWith('~')
            ? $"'{text}' does not say what to make there; write mirror:{text} for a plain copy with history"
            : $"'{word}:' is no target; targets begin with {string.Join(", ", names.Select(n => n + ":"))}";
    }
}
