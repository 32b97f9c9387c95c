using System.Buffers;

namespace Holdfast.Stores.Retrying;

/// <summary>Compares two streams.</summary>
internal static class SameBytes
{
    private const int Size = 64 * 1024;

    /// <summary>True when both give the same bytes to their ends.</summary>
    public static async Task<bool> AreAsync(Stream one, Stream other, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(2 * Size);
        try
        {
            while (true)
            {
                var a = buffer.AsMemory(0, await one.ReadAtLeastAsync(buffer.AsMemory(0, Size), Size, throwOnEndOfStream: false, cancellationToken));
                var b = buffer.AsMemory(Size, await other.ReadAtLeastAsync(buffer.AsMemory(Size, Size), Size, throwOnEndOfStream: false, cancellationToken));
                if (!a.Span.SequenceEqual(b.Span))
                    return false;
                if (a.Length < Size)
                    return true;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
