namespace Holdfast.Stores.Tests.Conformance;

/// <summary>Gives so many bytes and then fails.</summary>
internal sealed class BreakingStream(int bytes, Func<Exception> failure) : MemoryStream(new byte[bytes])
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await base.ReadAsync(buffer, CancellationToken.None) is > 0 and var got ? got : throw failure();
}
