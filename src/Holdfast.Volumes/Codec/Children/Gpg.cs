using Holdfast.Core.Model;

namespace Holdfast.Volumes.Codec.Children;

/// <summary>
/// gpg with a passphrase alone. It keeps to a scratch folder, so that neither the user's options nor keys nor agent have a
/// say. The passphrase is the first line of its input: gpg reads descriptor 0 byte by byte up to the line feed, then the data.
/// </summary>
internal static class Gpg
{
    // "Bad session key" and BAD_PASSPHRASE are what gpg 2.2 and 2.4 say of a passphrase that does not fit.
    private static readonly string[] WrongPassphrase = ["BAD_PASSPHRASE", "Bad session key", "Bad passphrase"];

    private static readonly string[] Common =
        ["--batch", "--no-tty", "--quiet", "--homedir", ChildCommand.ScratchFolder, "--no-options", "--no-symkey-cache", "--pinentry-mode", "loopback", "--passphrase-fd", "0", "--status-fd", "2"];

    public static ChildCommand Encrypting(ChildPrograms programs, Passphrase passphrase) => new(
        programs.Gpg,
        // The largest count the format knows; saying it keeps gpg from asking its agent for one. Compressing again is slow and useless.
        [.. Common, "--s2k-count", "65011712", "--cipher-algo", "AES256", "--compress-algo", "none", "--symmetric", "--output", "-"],
        passphrase.Line,
        (code, text) => new HoldfastException(ErrorKind.Failed, $"gpg could not encrypt the volume (exit code {code}): {ChildErrors.Brief(text)}"));

    public static ChildCommand Decrypting(ChildPrograms programs, Passphrase passphrase) => new(
        programs.Gpg,
        [.. Common, "--decrypt", "--output", "-"],
        passphrase.Line,
        (code, text) => WrongPassphrase.Any(w => text.Contains(w, StringComparison.Ordinal))
            ? new HoldfastException(ErrorKind.WrongPassword, "the passphrase does not fit the volume.", "Name the file that holds the right one: --gpg-passphrase-file FILE, or gpg_passphrase_file in the job.")
            : new HoldfastException(ErrorKind.Failed, $"gpg could not decrypt the volume (exit code {code}): {ChildErrors.Brief(text)}", "It is damaged or cut off; other volumes may hold the same files: 'holdfast check' says which do."));
}

/// <summary>xz on all cores, with its own check of the contents.</summary>
internal static class Xz
{
    public static ChildCommand Compressing(ChildPrograms programs) => new(
        programs.Xz,
        ["--compress", "--stdout", "--quiet", "-T0", "--format=xz", "--check=crc64"],
        default,
        (code, text) => new HoldfastException(ErrorKind.Failed, $"xz could not compress the volume (exit code {code}): {ChildErrors.Brief(text)}"));

    public static ChildCommand Decompressing(ChildPrograms programs) => new(
        programs.Xz,
        ["--decompress", "--stdout", "--quiet", "--format=xz"],
        default,
        (code, text) => new HoldfastException(ErrorKind.Failed, $"xz could not decompress the volume (exit code {code}): {ChildErrors.Brief(text)}", "It is damaged or cut off; other volumes may hold the same files: 'holdfast check' says which do."));
}

/// <summary>What a program complained about.</summary>
internal static class ChildErrors
{
    /// <summary>Its own words without gpg's status lines.</summary>
    public static string Brief(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(l => !l.StartsWith("[GNUPG:]", StringComparison.Ordinal)).ToList();
        return lines.Count == 0 ? "it said nothing" : string.Join("; ", lines.TakeLast(3));
    }
}
