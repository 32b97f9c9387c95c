using System.Globalization;
using System.Text;
using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem.Linux;

/// <summary>
/// Extended attributes. The calls take no folder descriptor, so the path goes through /proc/self/fd, which names the open
/// folder whatever became of its path.
/// </summary>
internal static unsafe class LinuxAttributes
{
    // The kernel gives a security label of its own to every file; it is not the file's to carry. And xfs shows root its ACLs
    // a second time in a form of its own (fs/xfs/xfs_xattr.c): whoever removes that removes the ACL.
    private static readonly byte[][] Skipped =
    [
        "security.selinux"u8.ToArray(), "security.ima"u8.ToArray(), "security.evm"u8.ToArray(),
        "trusted.SGI_ACL_FILE"u8.ToArray(), "trusted.SGI_ACL_DEFAULT"u8.ToArray(),
    ];

    public static ExtendedAttributes Read(int fd, EntryPath path, LinuxFolder folder)
    {
        using var at = new LinuxPath(fd, path, folder);
        var found = new List<ExtendedAttribute>();
        var buffer = stackalloc byte[4096];
        fixed (byte* p = ProcPath(at))
        {
            var length = Libc.llistxattr(p, buffer, 4096);
            if (length < 0)
                return ReadLarge(p, path, folder);
            if (length == 0)
                return ExtendedAttributes.None;
            Collect(p, new ReadOnlySpan<byte>(buffer, (int)length), found, path, folder);
        }
        return ExtendedAttributes.From(found);
    }

    /// <summary>The same for an open file; one cheap call tells that there are none.</summary>
    public static ExtendedAttributes ReadOpen(int file, LinuxFolder folder, EntryPath path)
    {
        var probe = Libc.flistxattr(file, null, 0);
        if (probe == 0 || (probe < 0 && LinuxFolder.LastError() == Errno.NotSupported))
            return ExtendedAttributes.None;
        return folder.ReadAttributes(path);
    }

    public static void Set(int fd, EntryPath path, ExtendedAttribute attribute, LinuxFolder folder)
    {
        using var at = new LinuxPath(fd, path, folder);
        fixed (byte* p = ProcPath(at), name = (byte[])[.. attribute.Name, 0], value = attribute.Value)
            if (Libc.lsetxattr(p, name, value, attribute.Value.Length, 0) != 0)
                throw folder.Fail($"set the attribute {Encoding.UTF8.GetString(attribute.Name)} of", path);
    }

    public static void Remove(int fd, EntryPath path, ReadOnlySpan<byte> attribute, LinuxFolder folder)
    {
        using var at = new LinuxPath(fd, path, folder);
        fixed (byte* p = ProcPath(at), name = (byte[])[.. attribute, 0])
            if (Libc.lremovexattr(p, name) != 0)
                throw folder.Fail($"remove the attribute {Encoding.UTF8.GetString(attribute)} of", path);
    }

    private static ExtendedAttributes ReadLarge(byte* p, EntryPath path, LinuxFolder folder)
    {
        switch (LinuxFolder.LastError())
        {
            case Errno.NotSupported:
                return ExtendedAttributes.None;
            case not Errno.Range:
                throw folder.Fail("read the attributes of", path);
        }
        var found = new List<ExtendedAttribute>();
        var list = new byte[65536]; // XATTR_LIST_MAX
        fixed (byte* l = list)
        {
            var length = Libc.llistxattr(p, l, list.Length);
            if (length < 0)
                throw folder.Fail("read the attributes of", path);
            Collect(p, list.AsSpan(0, (int)length), found, path, folder);
        }
        return ExtendedAttributes.From(found);
    }

    private static void Collect(byte* p, ReadOnlySpan<byte> names, List<ExtendedAttribute> found, EntryPath path, LinuxFolder folder)
    {
        while (!names.IsEmpty)
        {
            var name = names[..names.IndexOf((byte)0)].ToArray();
            names = names[(name.Length + 1)..];
            if (!Skipped.Any(s => s.AsSpan().SequenceEqual(name)) && Value(p, name, path, folder) is { } value)
                found.Add(new ExtendedAttribute(name, value));
        }
    }

    private static byte[]? Value(byte* p, byte[] name, EntryPath path, LinuxFolder folder)
    {
        var buffer = new byte[65536]; // XATTR_SIZE_MAX
        fixed (byte* n = (byte[])[.. name, 0], v = buffer)
        {
            var length = Libc.lgetxattr(p, n, v, buffer.Length);
            if (length >= 0)
                return buffer.AsSpan(0, (int)length).ToArray();
            // Removed since it was listed, or in a namespace that this user may see but not read.
            return LinuxFolder.LastError() is Errno.NoData or Errno.NotPermitted or Errno.AccessDenied or Errno.NotSupported
                ? null
                : throw folder.Fail($"read the attribute {Encoding.UTF8.GetString(name)} of", path);
        }
    }

    private static byte[] ProcPath(in LinuxPath at) =>
        [.. "/proc/self/fd/"u8, .. Encoding.ASCII.GetBytes(at.Folder.ToString(CultureInfo.InvariantCulture)), (byte)'/', .. at.Rest];
}
