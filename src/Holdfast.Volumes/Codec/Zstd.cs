using System.Runtime.InteropServices;
using Holdfast.Core.Model;

namespace Holdfast.Volumes.Codec;

/// <summary>The calls of libzstd (zstd.h, stable since 1.4.0).</summary>
internal static partial class Zstd
{
    public const int Continue = 0, End = 2;
    public const int CompressionLevel = 100, ChecksumFlag = 201, Workers = 400;

    [StructLayout(LayoutKind.Sequential)]
    internal struct Buffer
    {
        public nint Start;
        public nuint Size;
        public nuint Position;
    }

    /// <summary>The result of a call, when it is no error.</summary>
    public static nuint Checked(nuint result) =>
        ZSTD_isError(result) == 0 ? result : throw new InvalidDataException($"zstd: {Marshal.PtrToStringUTF8(ZSTD_getErrorName(result))}");

    /// <exception cref="HoldfastException">The library is not installed.</exception>
    public static T Present<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (DllNotFoundException e)
        {
            throw new HoldfastException(ErrorKind.Failed, "libzstd.so.1 is not installed.", "Install it (Debian: libzstd1), or choose 'compress: xz' or 'none'.", e);
        }
    }

    [LibraryImport("libzstd.so.1")]
    internal static partial nint ZSTD_createCCtx();

    [LibraryImport("libzstd.so.1")]
    internal static partial nuint ZSTD_freeCCtx(nint context);

    [LibraryImport("libzstd.so.1")]
    internal static partial nuint ZSTD_CCtx_setParameter(nint context, int parameter, int value);

    [LibraryImport("libzstd.so.1")]
    internal static partial nuint ZSTD_compressStream2(nint context, ref Buffer output, ref Buffer input, int operation);

    [LibraryImport("libzstd.so.1")]
    internal static partial nint ZSTD_createDCtx();

    [LibraryImport("libzstd.so.1")]
    internal static partial nuint ZSTD_freeDCtx(nint context);

    [LibraryImport("libzstd.so.1")]
    internal static partial nuint ZSTD_decompressStream(nint context, ref Buffer output, ref Buffer input);

    [LibraryImport("libzstd.so.1")]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport("libzstd.so.1")]
    private static partial nint ZSTD_getErrorName(nuint code);
}
