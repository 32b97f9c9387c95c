using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Volumes.Tar;

namespace Holdfast.Volumes.Reading;

/// <summary>A file in a volume. Best read from start to end; going back begins the volume anew.</summary>
internal sealed class MemberReader(VolumeCursors cursors, VolumeName volume, Entry entry, long position) : IFileReader
{
    private readonly byte[] _skipped = new byte[64 * 1024];
    private VolumeCursor? _cursor;
    private IReadOnlyList<DataStretch> _data = [];
    private long _at;
    private int _stretch;

    /// <summary>Opens it, so that what is not there is known now.</summary>
    public MemberReader Opened()
    {
        Begin();
        return this;
    }

    public FileStat Stat() => new()
    {
        Type = EntryType.File,
        Size = entry.Size,
        Mode = entry.Mode,
        Modified = entry.Modified,
        UserId = entry.UserId,
        GroupId = entry.GroupId,
        Links = 1,
        Blocks = (entry.Size + 511) / 512,
    };

    public ExtendedAttributes ReadAttributes() => entry.Attributes;

    public int Read(long at, Span<byte> buffer)
    {
        try
        {
            return ReadAt(at, buffer);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"'{entry.Path}' cannot be read from the volume {volume}: {e.Message}.", "The volume is damaged; 'holdfast check' names everything that is lost with it.", e);
        }
    }

    public (long Start, long End)? NextData(long at, long size)
    {
        foreach (var stretch in _data)
            if (stretch.End > at)
                return (Math.Max(stretch.Start, at), stretch.End);
        return null;
    }

    public void Advise(ReadAdvice advice)
    {
    }

    public void Dispose()
    {
        if (_cursor is not null)
            cursors.Return(_cursor);
        _cursor = null;
    }

    private int ReadAt(long at, Span<byte> buffer)
    {
        if (at >= entry.Size || buffer.IsEmpty)
            return 0;
        if (at < _at)
            Begin();
        while (_at < at)
            Step(_skipped.AsSpan(0, (int)Math.Min(_skipped.Length, at - _at)));
        var filled = 0;
        while (filled < buffer.Length && _at < entry.Size)
            filled += Step(buffer[filled..]);
        return filled;
    }

    /// <summary>Reads on from where it stands: data, or the zeros of a hole.</summary>
    private int Step(Span<byte> buffer)
    {
        while (_stretch < _data.Count && _data[_stretch].End <= _at)
            _stretch++;
        var most = Math.Min(buffer.Length, entry.Size - _at);
        int got;
        if (_stretch < _data.Count && _data[_stretch].Start <= _at)
        {
            got = _cursor!.Read(buffer[..(int)Math.Min(most, _data[_stretch].End - _at)]);
            if (got == 0)
                throw new EndOfStreamException("the volume holds fewer bytes of it than it should");
        }
        else
        {
            got = (int)Math.Min(most, (_stretch < _data.Count ? _data[_stretch].Start : entry.Size) - _at);
            buffer[..got].Clear();
        }
        _at += got;
        return got;
    }

    private void Begin()
    {
        Dispose();
        _cursor = cursors.Take(volume, position);
        try
        {
            var member = _cursor.GoTo(position);
            if (member.Entry.Path != entry.Path || member.Entry.Size != entry.Size)
                throw new HoldfastException(ErrorKind.Failed, $"the volume {volume} holds '{member.Entry.Path}' where '{entry.Path}' should be.", "'holdfast repair' makes the database anew from the volumes.");
            _data = member.Data ?? [new DataStretch(0, entry.Size)];
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            Dispose();
            throw new HoldfastException(ErrorKind.Failed, $"the volume {volume} is damaged: {e.Message}.", "'holdfast check' names everything that is lost with it.", e);
        }
        catch
        {
            Dispose();
            throw;
        }
        (_at, _stretch) = (0, 0);
    }
}
