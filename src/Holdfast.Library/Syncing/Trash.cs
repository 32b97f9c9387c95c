using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Syncing;

/// <summary>
/// What a sync removes or replaces: <c>.holdfast/trash/000012-20261121T150000Z/PATH</c>. The number is the count of good runs
/// before, the time is when the run began.
/// </summary>
internal sealed class Trash(IFolder place, TimeProvider time)
{
    private const int LaterRuns = 3;

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);
    private static readonly EntryPath Root = PlaceMarker.Folder.Child("trash"u8);
    private static readonly EntryPath Runs = Root.Child("runs"u8);

    private EntryPath? _batch;

    /// <summary>A free path in the trash for a file; its folders are there.</summary>
    public EntryPath RoomFor(EntryPath path)
    {
        var wanted = path.Under(_batch ??= NewBatch());
        for (var number = 1; ; number++)
        {
            var room = number == 1 ? wanted : LibraryName.Numbered(wanted, number);
            try
            {
                FolderTree.Ensure(place, room.Parent, LibraryLayout.FolderMode);
                if (place.TryStat(room) is null)
                    return room;
            }
            catch (FileSystemException e) when (e.Error is Errno.NotAFolder)
            {
                // A file lies there that was removed before under the name of a folder: the next batch has room.
                _batch = NewBatch();
                wanted = path.Under(_batch.Value);
                number = 0;
            }
        }
    }

    /// <summary>Counts a good run. What is old enough, and has seen enough good runs after it, goes.</summary>
    public void RunSucceeded()
    {
        _batch = null;
        if (place.TryStat(Root) is null)
            return;
        var runs = RunCount() + 1;
        SmallFile.Write(place, Runs, Encoding.ASCII.GetBytes(runs.ToString(CultureInfo.InvariantCulture) + "\n"));
        using var trash = place.OpenFolder(Root);
        var listing = trash.List();
        for (var i = 0; i < listing.Count; i++)
            // Invariant: a clock that is wrong deletes nothing alone (promise 9).
            if (Parse(listing[i]) is var (number, at) && number + LaterRuns < runs && time.GetUtcNow() - at > KeptFor)
                FolderTree.Delete(place, Root.Child(listing[i]));
    }

    private EntryPath NewBatch()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{RunCount():000000}-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
        for (var number = 1; ; number++)
        {
            var batch = Root.Child(Encoding.ASCII.GetBytes(number == 1 ? name : $"{name}-{number}"));
            if (place.TryStat(batch) is not null)
                continue;
            FolderTree.Ensure(place, batch, LibraryLayout.FolderMode);
            return batch;
        }
    }

    private long RunCount() =>
        SmallFile.TryRead(place, Runs) is { } bytes && long.TryParse(Encoding.ASCII.GetString(bytes), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var runs) ? runs : 0;

    private static (long Number, DateTimeOffset At)? Parse(ReadOnlySpan<byte> name)
    {
        var parts = Encoding.ASCII.GetString(name).Split('-');
        return parts.Length >= 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && DateTimeOffset.TryParseExact(parts[1], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? (number, at)
            : null;
    }
}
