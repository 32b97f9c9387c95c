using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Scenes;

/// <summary>What tests do to files, in a word.</summary>
internal static class Files
{
    /// <summary>A folder in memory, for tests that say nothing about disks.</summary>
    public const string Memory = "/dev/shm";

    public static void Link(string path, string further)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(further)!);
        Command.Must("ln", path, further);
    }

    public static ulong Inode(string path) => ulong.Parse(Command.Must("stat", "-c", "%i", path).Text);

    public static int Names(string path) => int.Parse(Command.Must("stat", "-c", "%h", path).Text);

    /// <summary>A copy with all its metadata: another file with the same size and mtime.</summary>
    public static void Copy(string from, string to) => Command.Must("cp", "-p", from, to);

    /// <summary>Other bytes, same size, same mtime, same file.</summary>
    public static void EditUnseen(string path)
    {
        var time = File.GetLastWriteTimeUtc(path);
        var bytes = File.ReadAllBytes(path);
        bytes[0] ^= 1;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
            file.Write(bytes);
        File.SetLastWriteTimeUtc(path, time);
    }
}
