using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Http;

/// <summary>
/// Which machine this is, so that a client knows when a server's disk is its own. The kernel's number of this start of it
/// (random(4), boot_id), hashed: it tells nobody else anything.
/// </summary>
internal static class ThisMachine
{
    private static readonly Lazy<string> Known = new(Read);

    /// <summary>32 hexadecimal digits; empty where the system does not tell.</summary>
    public static string Id => Known.Value;

    private static string Read()
    {
        try
        {
            using var folder = LocalFolders.OpenForReading("/proc/sys/kernel/random");
            using var file = folder.OpenFile(EntryPath.From("boot_id"));
            var text = new byte[64];
            var got = file.Read(0, text);
            return got == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData([.. "holdfast machine "u8, .. text.AsSpan(0, got)]).AsSpan(0, 16));
        }
        catch (FileSystemException)
        {
            return "";
        }
    }
}
