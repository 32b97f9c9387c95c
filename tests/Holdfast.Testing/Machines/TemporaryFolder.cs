using System.Globalization;

namespace Holdfast.Testing.Machines;

/// <summary>A new empty folder that goes with everything in it. Under HOLDFAST_TEST_DIR when that is set, else where the system keeps temporary files.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(string? under = null)
    {
        under ??= Environment.GetEnvironmentVariable("HOLDFAST_TEST_DIR") is { Length: > 0 } root ? root : System.IO.Path.GetTempPath();
        Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(under), $"holdfast-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{Guid.NewGuid():N}"[..30]);
        Directory.CreateDirectory(Path);
    }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>The absolute path of something in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Creates a folder in it and returns its absolute path.</summary>
    public string Folder(string name) => Directory.CreateDirectory(this[name]).FullName;

    /// <summary>Writes a text file in it, making its folder, and returns its absolute path.</summary>
    public string File(string name, string text = "")
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        System.IO.File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Lets users other than root in: what is made in the system's temporary folder is for its owner only.</summary>
    public TemporaryFolder OpenToAll()
    {
        Command.Must("chmod", "0777", Path);
        return this;
    }

    // .NET cannot delete names that are not UTF-8, so the system does it.
    public void Dispose()
    {
        var removed = Command.Run("rm", ["-rf", "--one-file-system", "--", Path]);
        if (removed.ExitCode != 0 && !Command.IsRoot)
        {
            Command.Run("chmod", ["-R", "u+rwx", "--", Path]);
            Command.Run("rm", ["-rf", "--one-file-system", "--", Path]);
        }
    }
}
