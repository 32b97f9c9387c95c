using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Volumes.Codec;

/// <summary>The passphrase of encrypted volumes. It goes to gpg by a pipe, never by an argument; <see cref="ToString"/> hides it.</summary>
public sealed class Passphrase
{
    private readonly byte[] _bytes;

    private Passphrase(byte[] bytes) => _bytes = bytes;

    /// <summary>Reads the first line of a file, as gpg's own --passphrase-file does.</summary>
    /// <exception cref="HoldfastException">It cannot be read, or its first line is empty.</exception>
    public static Passphrase Read(string file)
    {
        byte[]? bytes;
        try
        {
            using var folder = LocalFolders.OpenForReading(Path.GetDirectoryName(file) ?? "/");
            bytes = SmallFile.TryRead(folder, EntryPath.From(Path.GetFileName(file)));
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.Usage, $"the passphrase file cannot be read: {e.Message}.", "Correct gpg_passphrase_file.", e);
        }
        if (bytes is null)
            throw new HoldfastException(ErrorKind.Usage, $"there is no passphrase file '{file}'.", "Correct gpg_passphrase_file, or make the file: its first line is the passphrase.");
        var end = bytes.AsSpan().IndexOf((byte)'\n');
        return Of(end < 0 ? bytes : bytes.AsSpan(0, end), $"the first line of '{file}'");
    }

    /// <summary>A passphrase that is at hand.</summary>
    public static Passphrase Of(string text) => Of(Encoding.UTF8.GetBytes(text), "the passphrase");

    /// <summary>What gpg reads: the bytes and a line feed.</summary>
    internal ReadOnlyMemory<byte> Line => (byte[])[.. _bytes, (byte)'\n'];

    /// <inheritdoc/>
    public override string ToString() => "***";

    private static Passphrase Of(ReadOnlySpan<byte> bytes, string what) =>
        bytes.IsEmpty || bytes.ContainsAny((byte)'\n', (byte)0)
            ? throw new HoldfastException(ErrorKind.Usage, $"{what} is empty or holds a NUL byte; that is no passphrase.")
            : new Passphrase(bytes.ToArray());
}
