using System.Threading.Channels;

namespace Holdfast.Mtproto.Transport;

/// <summary>
/// Reads frames a little ahead of whoever understands them, so that those that came together can be decrypted together.
/// A frame is never held back for the sake of the next one.
/// </summary>
internal sealed class FramesAhead(FrameStream stream, int most)
{
    private readonly Channel<Frame> _frames = Channel.CreateBounded<Frame>(new BoundedChannelOptions(most) { SingleReader = true, SingleWriter = true });

    /// <summary>Reads until the connection ends. How it ended is told by <see cref="NextAsync"/>, after the last frame: an error of the server comes right before the end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true) await _frames.Writer.WriteAsync(await stream.ReadAsync(ct), ct);
        }
        catch (Exception e)
        {
            _frames.Writer.Complete(e);
        }
    }

    /// <summary>Waits for a frame and takes what else is there.</summary>
    /// <param name="batch">Gets between one and as many as are read ahead; the caller's to dispose of.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="EndOfStreamException">The other side closed.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The connection broke.</exception>
    public async ValueTask NextAsync(List<Frame> batch, CancellationToken ct)
    {
        batch.Clear();
        await _frames.Reader.WaitToReadAsync(ct);
        while (batch.Count < most && _frames.Reader.TryRead(out var frame)) batch.Add(frame);
    }
}
