using System.Text;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Packaging;

/// <summary>A folder on a disk that is carried around, with everything to back up and restore on any machine.</summary>
internal sealed class PackageFolder
{
    private const UnixFileMode Runnable = (UnixFileMode)0x1ed; // 0755

    private readonly string _path;

    /// <param name="path">Absolute. It is made when the folder above is there, so that a disk that is not mounted is noticed.</param>
    /// <exception cref="HoldfastException">It cannot be made.</exception>
    public PackageFolder(string path)
    {
        _path = path;
        if (!Directory.Exists(Path.GetDirectoryName(path) ?? path))
            throw new HoldfastException(ErrorKind.Failed, $"there is no folder '{Path.GetDirectoryName(path)}' to put '{Path.GetFileName(path)}' into.", "Is the disk mounted? Only the last folder is made.");
        Try(() => Directory.CreateDirectory(path));
    }

    /// <summary>The absolute path of something in it.</summary>
    public string this[string name] => Path.Combine(_path, name);

    /// <summary>True when it has this file.</summary>
    public bool Has(string name) => File.Exists(this[name]);

    /// <summary>Writes a text; the one before it stays until the new one is whole.</summary>
    public Task WriteAsync(string name, string text, bool runnable = false) =>
        ReplaceAsync(name, runnable, file => File.WriteAllTextAsync(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)));

    /// <summary>Writes a file; the one before it stays until the new one is whole and durable.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="runnable">True for a program.</param>
    /// <param name="write">Writes it under the path it gets.</param>
    /// <exception cref="HoldfastException">The disk is full, or takes no files.</exception>
    public async Task ReplaceAsync(string name, bool runnable, Func<string, Task> write)
    {
        var temporary = this[name] + ".new";
        try
        {
            File.Delete(temporary);
            await write(temporary);
            if (runnable)
                MakeRunnable(temporary);
            using (var written = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite))
                written.Flush(flushToDisk: true);
            File.Move(temporary, this[name], overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
        finally
        {
            Try(() => File.Delete(temporary));
        }
    }

    /// <summary>Bytes of a file.</summary>
    public static long SizeOf(string file) => new FileInfo(file).Length;

    /// <summary>Copies a file as it is.</summary>
    public static void Copy(string from, string to) => File.Copy(from, to);

    /// <summary>FAT and its like have no permissions; what lies there is started with sh.</summary>
    private static void MakeRunnable(string file)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, Runnable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As said above.
        }
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private HoldfastException Failed(Exception e) => new(ErrorKind.Failed, $"cannot write the package into '{_path}': {e.Message}", "It needs about 150 MB on a disk that takes files.", e);
}
