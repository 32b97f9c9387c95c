using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Cli;

/// <summary>
/// Arguments as the bytes that were typed. .NET replaces what is not UTF-8 with U+FFFD, but names on Linux are bytes.
/// </summary>
internal static class ArgumentBytes
{
    private const char Replacement = '\uFFFD';

    /// <summary>The path an argument names, relative to a source.</summary>
    /// <exception cref="HoldfastException">It leads out of the source.</exception>
    public static EntryPath Path(string argument)
    {
        try
        {
            return EntryPath.From(Of(argument).AsSpan().TrimStart((byte)'/'));
        }
        catch (ArgumentException e)
        {
            throw new HoldfastException(ErrorKind.Usage, e.Message, inner: e);
        }
    }

    /// <summary>The bytes that were typed.</summary>
    public static byte[] Of(string argument) =>
        argument.Contains(Replacement) ? Raw().FirstOrDefault(a => Encoding.UTF8.GetString(a) == argument) ?? Encoding.UTF8.GetBytes(argument) : Encoding.UTF8.GetBytes(argument);

    /// <summary>proc(5): the arguments of this process, each ended by NUL.</summary>
    private static IEnumerable<byte[]> Raw()
    {
        var all = File.ReadAllBytes("/proc/self/cmdline");
        for (var start = 0; start < all.Length;)
        {
            var length = all.AsSpan(start).IndexOf((byte)0) is >= 0 and var end ? end : all.Length - start;
            yield return all[start..(start + length)];
            start += length + 1;
        }
    }
}
