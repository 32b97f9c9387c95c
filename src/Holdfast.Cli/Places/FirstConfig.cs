using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Places;

/// <summary>What a first config says, as far as it can be guessed.</summary>
/// <param name="Job">Name of the job.</param>
/// <param name="Source">What to back up.</param>
/// <param name="Target">Where to.</param>
internal sealed record FirstConfig(string Job, string Source, string Target)
{
    /// <summary>Documents when there are some, else the home folder; onto a disk that is plugged in, when there is one.</summary>
    public static FirstConfig Guess(ConfigEnvironment environment)
    {
        var hasDocuments = Directory.Exists(Path.Combine(environment.Home, "Documents"));
        return new FirstConfig(hasDocuments ? "documents" : "home", hasDocuments ? "~/Documents" : "~", "mirror:" + Path.Combine(Disk(environment), "holdfast"));
    }

    /// <exception cref="HoldfastException">It cannot be written.</exception>
    public static void Write(string file, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"cannot write the config: {e.Message}", "--config FILE chooses another place for it.", e);
        }
    }

    /// <summary>Where desktops mount what is plugged in (udisks2): /media/USER/NAME or /run/media/USER/NAME.</summary>
    private static string Disk(ConfigEnvironment environment)
    {
        var user = environment.Variable("USER") ?? "";
        foreach (var folder in new[] { Path.Combine("/media", user), Path.Combine("/run/media", user) })
            if (user.Length > 0 && Directory.Exists(folder) && Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).FirstOrDefault() is { } disk)
                return disk;
        return "/media/usb";
    }
}
