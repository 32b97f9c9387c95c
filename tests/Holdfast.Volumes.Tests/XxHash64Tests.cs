using System.Buffers.Binary;
using Holdfast.Testing.Machines;
using Holdfast.Volumes.Codec;

namespace Holdfast.Volumes.Tests;

/// <summary>zstd ends a frame with the lower half of the contents' XXH64.</summary>
public sealed class XxHash64Tests
{
    [Theory, InlineData(0), InlineData(1), InlineData(3), InlineData(4), InlineData(11), InlineData(31), InlineData(32), InlineData(33), InlineData(63), InlineData(100_001)]
    public void AgreesWithTheChecksumOfZstd(int length)
    {
        using var folder = new TemporaryFolder("/dev/shm");
        var random = new Random(length);
        var bytes = new byte[length];
        random.NextBytes(bytes);
        File.WriteAllBytes(folder["contents"], bytes);
        Command.Must("zstd", "-q", "--check", folder["contents"], "-o", folder["frame"]);

        var hash = new XxHash64();
        for (var rest = bytes.AsSpan(); !rest.IsEmpty;)
        {
            var part = random.Next(1, rest.Length + 1);
            hash.Append(rest[..part]);
            rest = rest[part..];
        }
        ((uint)hash.Finish()).ShouldBe(BinaryPrimitives.ReadUInt32LittleEndian(File.ReadAllBytes(folder["frame"]).AsSpan(^4..)));
    }
}
