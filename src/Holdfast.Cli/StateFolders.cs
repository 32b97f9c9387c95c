using Holdfast.Core.Model;

namespace Holdfast.Cli;

/// <summary>The client's own folder. It names files of the sources, so nobody else looks into one that Holdfast makes.</summary>
internal static class StateFolders
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder where it is missing.</summary>
    /// <exception cref="HoldfastException">It cannot be made, or not be written to.</exception>
    public static void Require(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path); // The profile it lies in is the user's alone.
            else
                Directory.CreateDirectory(path, OwnerOnly);
            var probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
            using (new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                // That it can be made is all that is asked.
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the state folder '{path}' cannot be used: {e.Message}", "Name another with --state DIR, or with 'state:' in the config.", e);
        }
    }
}
