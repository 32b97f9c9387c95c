using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Holdfast.Core.FileSystem;

/// <summary>Names of the users and groups of this machine, and back; each is asked for once.</summary>
public sealed partial class Owners
{
    private readonly ConcurrentDictionary<uint, string?> _users = new(), _groups = new();
    private readonly ConcurrentDictionary<string, uint?> _userIds = new(), _groupIds = new();

    /// <summary>The user's name, or null when this machine does not know the number.</summary>
    public string? UserName(uint id) => _users.GetOrAdd(id, static i => Name(i, getpwuid_r));

    /// <summary>The group's name, or null when this machine does not know the number.</summary>
    public string? GroupName(uint id) => _groups.GetOrAdd(id, static i => Name(i, getgrgid_r));

    /// <summary>The number of a user's name here, or null when this machine does not know it.</summary>
    public uint? UserId(string name) => _userIds.GetOrAdd(name, static n => Id(n, getpwnam_r));

    /// <summary>The number of a group's name here, or null when this machine does not know it.</summary>
    public uint? GroupId(string name) => _groupIds.GetOrAdd(name, static n => Id(n, getgrnam_r));

    /// <summary>True when this process may give files to anyone.</summary>
    public static bool MayChangeOwners { get; } = Linux.Libc.geteuid() == 0;

    /// <summary>The user this process acts as.</summary>
    public static uint CurrentUserId { get; } = Linux.Libc.geteuid();

    /// <summary>The group this process acts as.</summary>
    public static uint CurrentGroupId { get; } = Linux.Libc.getegid();

    /// <summary>The permission bits this process takes off every new file; all of them when the system does not tell.</summary>
    public static int Umask { get; } = ReadUmask();

    private delegate int ById(uint id, nint record, nint buffer, nint length, out nint result);

    private delegate int ByName(byte[] name, nint record, nint buffer, nint length, out nint result);

    // struct passwd and struct group both start with: char *name, char *password, id.
    private const int NameAt = 0, RecordSize = 128, BufferSize = 65536;

    private static readonly int IdAt = 2 * nint.Size;

    private static int ReadUmask()
    {
        // proc(5): "Umask:\t0022", since Linux 4.7. Asking by umask(2) would change it for a moment.
        const string label = "Umask:";
        try
        {
            return File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(label, StringComparison.Ordinal)) is { } line
                ? Convert.ToInt32(line[label.Length..].Trim(), 8)
                : 0xfff;
        }
        catch (IOException)
        {
            return 0xfff;
        }
    }

    private static string? Name(uint id, ById lookup)
    {
        var memory = Marshal.AllocHGlobal(RecordSize + BufferSize);
        try
        {
            return lookup(id, memory, memory + RecordSize, BufferSize, out var found) == 0 && found != 0
                ? Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(found, NameAt))
                : null;
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    private static uint? Id(string name, ByName lookup)
    {
        var memory = Marshal.AllocHGlobal(RecordSize + BufferSize);
        try
        {
            return lookup(Encoding.UTF8.GetBytes(name + '\0'), memory, memory + RecordSize, BufferSize, out var found) == 0 && found != 0
                ? (uint)Marshal.ReadInt32(found, IdAt)
                : null;
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    [LibraryImport("libc")]
    private static partial int getpwuid_r(uint id, nint record, nint buffer, nint length, out nint result);

    [LibraryImport("libc")]
    private static partial int getgrgid_r(uint id, nint record, nint buffer, nint length, out nint result);

    [LibraryImport("libc")]
    private static partial int getpwnam_r(byte[] name, nint record, nint buffer, nint length, out nint result);

    [LibraryImport("libc")]
    private static partial int getgrnam_r(byte[] name, nint record, nint buffer, nint length, out nint result);
}
