using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Holdfast.Volumes.Tar;

/// <summary>
/// POSIX ACLs as text (acl(5)) in the keywords GNU tar and libarchive restore them from; the binary form beside it is what
/// Holdfast reads back. The binary form is Linux's (posix_acl_xattr.h): version 2, then tag, permissions and id of each entry.
/// </summary>
internal static class AclText
{
    private const int HeaderSize = 4, EntrySize = 8, Version = 2;
    private const int UserObject = 0x01, User = 0x02, GroupObject = 0x04, Group = 0x08, Mask = 0x10, Other = 0x20;

    /// <summary>The keyword for an attribute, or null when it is no ACL.</summary>
    public static string? KeywordOf(ReadOnlySpan<byte> attribute) =>
        attribute.SequenceEqual("system.posix_acl_access"u8) ? "SCHILY.acl.access"
        : attribute.SequenceEqual("system.posix_acl_default"u8) ? "SCHILY.acl.default"
        : null;

    /// <summary>The text, or null when the value is of an unknown form.</summary>
    public static byte[]? TryWrite(ReadOnlySpan<byte> value)
    {
        if (value.Length < HeaderSize || (value.Length - HeaderSize) % EntrySize != 0 || BinaryPrimitives.ReadInt32LittleEndian(value) != Version)
            return null;
        var lines = new List<string>();
        for (var entry = value[HeaderSize..]; !entry.IsEmpty; entry = entry[EntrySize..])
        {
            var id = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]).ToString(CultureInfo.InvariantCulture);
            var rights = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
            var who = BinaryPrimitives.ReadUInt16LittleEndian(entry) switch
            {
                UserObject => "user::",
                User => $"user:{id}:",
                GroupObject => "group::",
                Group => $"group:{id}:",
                Mask => "mask::",
                Other => "other::",
                _ => null,
            };
            if (who is null)
                return null;
            lines.Add($"{who}{((rights & 4) != 0 ? 'r' : '-')}{((rights & 2) != 0 ? 'w' : '-')}{((rights & 1) != 0 ? 'x' : '-')}");
        }
        return Encoding.ASCII.GetBytes(string.Join(',', lines));
    }
}
