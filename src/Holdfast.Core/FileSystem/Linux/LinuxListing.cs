using System.Buffers;
using System.Buffers.Binary;

namespace Holdfast.Core.FileSystem.Linux;

/// <summary>Reads a folder with getdents64, which gives names as bytes.</summary>
internal static unsafe class LinuxListing
{
    // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name.
    private const int LengthAt = 16, NameAt = 19;

    public static FolderListing Read(int fd, string shown)
    {
        // A folder may be listed twice through one descriptor; the second time must not start at the end. And btrfs shows
        // only what was there when it was opened, or rewound.
        if (Libc.lseek(fd, 0, 0) < 0)
            throw new FileSystemException("list", shown, LinuxFolder.LastError());

        var names = new List<NameRange>();
        var kept = new byte[512];
        var used = 0;
        var chunk = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (true)
            {
                nint got;
                fixed (byte* p = chunk)
                    got = Libc.getdents64(fd, p, chunk.Length);
                if (got < 0)
                    throw new FileSystemException("list", shown, LinuxFolder.LastError());
                if (got == 0)
                    break;
                Collect(chunk.AsSpan(0, (int)got), names, ref kept, ref used);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
        return new FolderListing(kept, names);
    }

    private static void Collect(ReadOnlySpan<byte> records, List<NameRange> names, ref byte[] kept, ref int used)
    {
        while (!records.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(records[LengthAt..]);
            var name = records[NameAt..length];
            name = name[..name.IndexOf((byte)0)];
            records = records[length..];
            if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
                continue;
            if (used + name.Length + 1 > kept.Length)
                Array.Resize(ref kept, Math.Max(kept.Length * 2, used + name.Length + 1));
            name.CopyTo(kept.AsSpan(used));
            kept[used + name.Length] = 0;
            names.Add(new NameRange(used, name.Length));
            used += name.Length + 1;
        }
    }
}
