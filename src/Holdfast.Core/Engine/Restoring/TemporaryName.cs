using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>
/// Names of files that are being written: <c>.holdfast-restore-HEX-N.tmp</c>, in the folder they are restored to. What an
/// interrupted restore left under such a name is removed by the next one that comes to the folder.
/// </summary>
internal sealed class TemporaryName
{
    private static ReadOnlySpan<byte> Prefix => ".holdfast-restore-"u8;

    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private long _last;

    public EntryPath Next() => EntryPath.Root.Child(
        [.. Prefix, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_run}-{Interlocked.Increment(ref _last)}.tmp"))]);

    public static bool Is(ReadOnlySpan<byte> name) => name.StartsWith(Prefix) && name.EndsWith(".tmp"u8);
}
