using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library;
using Holdfast.Library.Http;

namespace Holdfast.Cli.Places;

/// <summary>From what was typed, a job's name, a target or a folder, to a library on this machine.</summary>
internal static class LibraryChoice
{
    /// <summary>The library.</summary>
    /// <exception cref="HoldfastException">It names none.</exception>
    public static LibraryTarget Of(Session session, string typed) => new(PathOf(session, typed), LocalFolders.Open, session.Time);

    /// <summary>Opens the library to work with it.</summary>
    /// <exception cref="HoldfastException">It names none, or another process works with it.</exception>
    public static Task<LibraryFolder> OpenAsync(Session session, string typed, string purpose, TimeSpan wait, CancellationToken cancellationToken) =>
        LibraryFolder.OpenAsync(PathOf(session, typed), LocalFolders.Open, session.Time, $"{session.Config.Client} {purpose}", wait, cancellationToken);

    /// <summary>What a client uploaded to a library, in a folder or behind a server.</summary>
    /// <exception cref="HoldfastException">It names no library, or the client uploaded nothing.</exception>
    public static ISnapshots OpenUploaded(Session session, string typed, string client) =>
        ServerOf(session, typed) is { } server ? server.OpenUploaded(client) : Of(session, typed).OpenUploaded(client);

    /// <summary>The library behind a server; null when it is in a folder, or none.</summary>
    public static HttpLibraryTarget? ServerOf(Session session, string typed)
    {
        if (typed.StartsWith("http://", StringComparison.Ordinal) || typed.StartsWith("https://", StringComparison.Ordinal))
            typed = "library:" + typed;
        return !IsFolder(session, typed)
            && TargetChoice.All(session, typed).FirstOrDefault(a => a is { Kind: TargetKind.Library, LocalPath: null }) is { } address
                ? TargetOpening.Open(session, address) as HttpLibraryTarget
                : null;
    }

    /// <summary>The folder of the library.</summary>
    public static string PathOf(Session session, string typed)
    {
        var addresses = IsFolder(session, typed) ? [TargetOpening.Parse(session, $"library:{typed}")] : TargetChoice.All(session, typed);
        return addresses.FirstOrDefault(a => a is { Kind: TargetKind.Library, LocalPath: not null })?.LocalPath
            ?? throw new HoldfastException(ErrorKind.Usage, $"'{typed}' is no library in a folder.", "Write library:PATH, or the name of a job that has one.");
    }

    /// <summary>Whether a path was typed. One word is a job's name first, and then a folder here.</summary>
    private static bool IsFolder(Session session, string typed) =>
        typed is "." or "~" || (!typed.Contains(':') && (typed.Contains('/') || (session.Config.Jobs.All(j => j.Name != typed) && IsThere(typed))));

    private static bool IsThere(string folder)
    {
        try
        {
            using var opened = LocalFolders.OpenForReading(folder);
            return true;
        }
        catch (FileSystemException)
        {
            return false;
        }
    }
}
