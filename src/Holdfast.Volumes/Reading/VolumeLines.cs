using Holdfast.Core.Model;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Record;

namespace Holdfast.Volumes.Reading;

/// <summary>Takes the lines of a volume's index over into the database.</summary>
internal sealed class VolumeLines(VolumeDatabase database, List<string> remarks)
{
    public void Apply(IndexLine line, VolumeName volume, long run)
    {
        if (line.GoneInRun is { } goneIn)
            ApplyGone(line, goneIn);
        else if (line.Volume == volume.Number)
            ApplyOwn(line, volume, run);
        else
            ApplyOther(line, run);
    }

    /// <summary>The volume itself holds the newest copy.</summary>
    private void ApplyOwn(IndexLine line, VolumeName volume, long run)
    {
        var live = database.LiveAt(line.Path);
        if (line.Parts.FirstOrDefault(p => !database.IsThere(p.Volume)) is { } lostPart)
        {
            database.List(OlderCopy(line, live) ?? AddLost(line, run, lostPart.Volume));
            return;
        }
        var held = line.Parts.Count == 0 ? line.Path : FilePart.PathOf(line.Path, line.Parts.Count);
        var (entry, position) = line.Socket is { } socket ? (socket, -1) : database.Incoming(held) is { } member ? (member.Entry, member.Position) : (null, -1L);
        if (entry is null && line.LinkedWith is { } first && first != line.Path && database.LiveAt(first) is { } whole && whole.Entry.Content == line.Content)
            entry = whole.Entry with { Path = line.Path }; // A further name of a file in parts.
        if (entry is null)
        {
            remarks.Add($"'{line.Path}' is not in the volume {volume} that lists it");
            database.List(OlderCopy(line, live) ?? AddLost(line, run, volume: null));
            return;
        }
        if (line.Parts.Count > 0)
            entry = entry with { Path = line.Path, Size = line.Size, Content = entry.Content == line.Parts[^1].Content ? line.Content : entry.Content };
        entry = entry with { LinkedWith = line.LinkedWith, IsMountPoint = line.IsMountPoint, Content = entry.Content ?? line.Content };
        if (line.LinkedWith is not null && line.Content is not null)
            entry = entry with { Size = line.Size };
        if (line.Content is { } content && entry.Content != content)
        {
            remarks.Add($"the bytes of '{line.Path}' in the volume {volume} are not those that were saved");
            database.List(OlderCopy(line, live) ?? AddLost(line, run, volume: null));
            return;
        }
        var id = live is not null && live.Entry.SameContents(entry) && live.Entry.SameMetadata(entry) && live.Entry.LinkedWith == entry.LinkedWith
            ? live.Id
            : database.Add(entry, run);
        database.AddCopy(id, volume.Number, position, line.Parts);
        database.List(id);
    }

    /// <summary>The live state, when an older volume holds the very same: what it was before is not what it is.</summary>
    private static long? OlderCopy(IndexLine line, PathState? live) =>
        live is not null && live.Entry.Content == line.Content && live.Entry.LinkedWith == line.LinkedWith ? live.Id : null;

    /// <summary>The newest copy lies in an older volume, which was read before this one or is lost.</summary>
    private void ApplyOther(IndexLine line, long run)
    {
        var live = database.LiveAt(line.Path);
        if (live is not null && (line.Volume is null || database.HasCopy(live.Id, line.Volume.Value)))
        {
            database.List(live.Id);
            return;
        }
        // A lost volume may have held the same bytes that an older one still has.
        if (live is not null && line.Content == live.Entry.Content && line.LinkedWith == live.Entry.LinkedWith)
        {
            NoteLost(live.Id, LostOf(line));
            database.List(live.Id);
            return;
        }
        database.List(AddLost(line, run, LostOf(line)));
    }

    /// <summary>The volume that is missing for the copy a line speaks of: of a file in parts, that of the first part not there.</summary>
    private long? LostOf(IndexLine line) => line.Parts.FirstOrDefault(p => !database.IsThere(p.Volume))?.Volume ?? line.Volume;

    private void ApplyGone(IndexLine line, long goneIn)
    {
        if (database.GoneAt(line.Path, goneIn) is not null)
            return;
        if (database.LiveAt(line.Path) is not { } live || (line.Volume is { } held && !database.HasCopy(live.Id, held)))
            return; // It went, and came back as something else, in volumes that are lost.
        database.End(live.Id, goneIn, line.Gone!.Value);
    }

    /// <summary>Of what only a lost volume held, the path and the size are known.</summary>
    private long AddLost(IndexLine line, long run, long? volume)
    {
        var entry = new Entry { Path = line.Path, Type = EntryType.File, Size = line.Size, Content = line.Content, LinkedWith = line.LinkedWith };
        var id = database.Add(entry, run);
        NoteLost(id, volume);
        return id;
    }

    private void NoteLost(long version, long? volume)
    {
        // In a volume that is there, the copy itself is damaged: it counts for nothing.
        if (volume is not { } number || database.IsThere(number))
            return;
        database.AddMissingVolume(number);
        database.AddCopy(version, number, -1);
    }
}
