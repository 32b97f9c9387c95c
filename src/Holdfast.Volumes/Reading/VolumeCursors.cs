using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Tar;

namespace Holdfast.Volumes.Reading;

/// <summary>
/// Open volumes, each read forward only. A restore asks in path order, and both sections of a volume are in path order, so a
/// volume is decoded at most twice however many files it gives; no room is needed for what is not asked for yet.
/// </summary>
/// <param name="open">Opens a volume.</param>
/// <param name="codec">How volumes are packed.</param>
internal sealed class VolumeCursors(Func<VolumeName, IFileReader> open, VolumeCodec codec) : IDisposable
{
    // A decoder each, two processes for .xz.gpg; beyond this the one that was not asked for longest is closed.
    private const int MostOpen = 24;

    private readonly List<VolumeCursor> _idle = [];

    /// <summary>A cursor whose next member is the one at the position.</summary>
    public VolumeCursor Take(VolumeName name, long position)
    {
        var decoding = VolumeCodec.Of(name, codec);
        if (decoding.IsPlain)
            return new VolumeCursor(name, new PositionedStream(open(name), position), position);
        lock (_idle)
        {
            var best = _idle.Where(c => c.Name == name && c.Position <= position).MaxBy(c => c.Position);
            if (best is not null)
            {
                _idle.Remove(best);
                return best;
            }
        }
        return new VolumeCursor(name, decoding.Decode(new FileReadStream(open(name))), 0);
    }

    /// <summary>Takes a cursor back.</summary>
    public void Return(VolumeCursor cursor)
    {
        if (cursor.IsBroken || VolumeCodec.Of(cursor.Name, codec).IsPlain)
        {
            cursor.Dispose();
            return;
        }
        lock (_idle)
        {
            _idle.Add(cursor);
            if (_idle.Count <= MostOpen)
                return;
            _idle[0].Dispose();
            _idle.RemoveAt(0);
        }
    }

    public void Dispose()
    {
        foreach (var cursor in _idle)
            cursor.Dispose();
    }
}

/// <summary>One open volume.</summary>
internal sealed class VolumeCursor(VolumeName name, Stream stream, long start) : IDisposable
{
    private readonly TarReader _tar = new(stream);

    public VolumeName Name => name;

    /// <summary>Bytes of the archive that lie behind it.</summary>
    public long Position => start + _tar.Position;

    /// <summary>True when an error left it somewhere unknown.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Goes forward to the member whose first header begins at the position.</summary>
    /// <exception cref="HoldfastException">There is none.</exception>
    public TarMember GoTo(long position)
    {
        IsBroken = true;
        while (_tar.Next() is { } member)
        {
            if (start + member.Position < position)
                continue;
            if (start + member.Position > position)
                break;
            IsBroken = false;
            return member;
        }
        throw new HoldfastException(ErrorKind.Failed, $"the volume {name} is not what the database says.", "'holdfast repair' makes the database anew from the volumes.");
    }

    public int Read(Span<byte> buffer)
    {
        IsBroken = true;
        var got = _tar.Read(buffer);
        IsBroken = false;
        return got;
    }

    public void Dispose() => stream.Dispose();
}
