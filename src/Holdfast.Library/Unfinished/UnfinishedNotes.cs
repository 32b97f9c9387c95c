using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Record;

namespace Holdfast.Library.Unfinished;

/// <summary>
/// Writes down how far an upload is. Order: the bytes are durable, then a line says so. A line without durable bytes is worth writing
/// too: it helps when only the process ends, and its hash tells when the power failed.
/// </summary>
internal sealed class UnfinishedNotes(IFolder incoming, string id, StagedFile staged)
{
    /// <summary>Bytes that may come without being made durable.</summary>
    public const long Step = 16 << 20;

    private LineFile _lines = new(incoming, UnfinishedUpload.LinesOf(id));
    private long _noted = -1, _durable;

    /// <summary>How many bytes a note says to be there; less than 0 for no note.</summary>
    public long Noted => _noted;

    /// <summary>The upload was taken up where a process before this one left it.</summary>
    public void TookUp(long offset) => (_noted, _durable) = (offset, 0);

    /// <summary>Writes a line, and makes it durable when enough came since the last one that is, or when it is to be.</summary>
    public void Write(UnfinishedLine line, bool durable)
    {
        durable |= line.Offset - _durable >= Step;
        // Invariant: a durable line tells of durable bytes.
        if (durable)
            staged.Sync();
        _lines.Append(line.Write());
        _noted = line.Offset;
        if (!durable)
            return;
        using (var file = incoming.ContinueFile(UnfinishedUpload.LinesOf(id), LibraryLayout.FileMode))
            file.Sync();
        incoming.SyncFolder(EntryPath.Root);
        _durable = line.Offset;
    }

    /// <summary>Less is there than the lines say: this one takes their place.</summary>
    public void BeginAnew(UnfinishedLine line)
    {
        SmallFile.Write(incoming, UnfinishedUpload.LinesOf(id), line.Write());
        _lines = new LineFile(incoming, UnfinishedUpload.LinesOf(id));
        TookUp(line.Offset);
    }

    /// <summary>The upload is over. Before its bytes go: what is left without lines is garbage.</summary>
    public void Drop()
    {
        if (incoming.TryStat(UnfinishedUpload.LinesOf(id)) is not null)
            incoming.Remove(UnfinishedUpload.LinesOf(id));
    }
}
