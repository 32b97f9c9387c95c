using System.Globalization;
using System.Text;

namespace Holdfast.Volumes.Tar;

/// <summary>
/// The map before the data of a file with holes, as GNU tar's pax format 1.0 has it: decimal numbers, one a line, first how
/// many stretches, then start and length of each, filled up to a full block.
/// </summary>
internal static class SparseMap
{
    private const int MostStretches = 10_000_000;

    /// <summary>The map as bytes. A stretch of no bytes at the end says where the file ends, as GNU tar writes it.</summary>
    public static byte[] Write(IReadOnlyList<DataStretch> data, long size)
    {
        var text = new StringBuilder();
        var endsInHole = data.Count == 0 || data[^1].End < size;
        text.Append(CultureInfo.InvariantCulture, $"{data.Count + (endsInHole ? 1 : 0)}\n");
        foreach (var stretch in data)
            text.Append(CultureInfo.InvariantCulture, $"{stretch.Start}\n{stretch.Length}\n");
        if (endsInHole)
            text.Append(CultureInfo.InvariantCulture, $"{size}\n0\n");
        var bytes = new byte[text.Length + TarFormat.Padding(text.Length)];
        Encoding.ASCII.GetBytes(text.ToString(), bytes);
        return bytes;
    }

    /// <summary>Reads a map block by block; returns the stretches and how many bytes the map took.</summary>
    /// <exception cref="InvalidDataException">It is no map.</exception>
    public static (IReadOnlyList<DataStretch> Data, long Length) Read(Action<Span<byte>> readBlock)
    {
        var block = new byte[TarFormat.BlockSize];
        int at = block.Length, blocks = 0;
        var count = Number();
        if (count > MostStretches)
            throw new InvalidDataException($"a map of {count} stretches is none");
        var data = new List<DataStretch>();
        for (var i = 0L; i < count; i++)
        {
            var stretch = new DataStretch(Number(), Number());
            if (stretch.Length > 0)
                data.Add(stretch);
        }
        return (data, (long)blocks * TarFormat.BlockSize);

        long Number()
        {
            long value = 0;
            for (var digits = 0; ; digits++)
            {
                if (at == block.Length)
                {
                    readBlock(block);
                    blocks++;
                    at = 0;
                }
                var b = block[at++];
                if (b == (byte)'\n' && digits > 0)
                    return value;
                if (b is < (byte)'0' or > (byte)'9' || digits > 18)
                    throw new InvalidDataException("the map of a file with holes is damaged");
                value = value * 10 + (b - '0');
            }
        }
    }
}
