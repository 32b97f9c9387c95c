using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;
using Holdfast.Library.Record;

namespace Holdfast.Library.Verifying;

/// <summary>Reads contents back from the disk, past the page cache, and compares them with their name.</summary>
internal sealed class ReadBack(IFolder place, LibraryIndex index, LibraryRecord record, Contents contents, TimeProvider time)
{
    /// <summary>Reads a content, unless that was done since its bytes came.</summary>
    /// <param name="content">Which.</param>
    /// <param name="again">True to read it whatever was done before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ReadBackResult> VerifyAsync(ContentId content, bool again, CancellationToken cancellationToken)
    {
        if (contents.Find(content) is not { } path)
            return ReadBackResult.Missing;
        // Invariant: the date is of this very file, or of another one that lies there still.
        if (!again && index.VerifiedAt(content) is not null && index.FileAt(path) is { } known && place.TryStat(path) is { } look && known.IsUntouched(look, place.Traits.StableIdentity))
            return ReadBackResult.Right;
        try
        {
            using var file = place.OpenFile(path);
            var before = file.Stat();
            // What the barrier made durable can be forgotten, so what is read now comes from the disk.
            file.Advise(ReadAdvice.Forget);
            using var reading = new ContentReading(_ => { });
            var found = await reading.ReadAsync(file, before.Size, before.IsSparse, take: null, cancellationToken);
            if (!file.Stat().SameContentsAs(before) || place.TryStat(path) is not { } now || !now.SameContentsAs(before))
                return ReadBackResult.Missing; // Somebody writes to it: it is another file by now, and the next scan says so.
            if (found != content)
                return Damaged(content, path);
            record.Verified([new VerifiedLine(time.GetUtcNow(), content)]);
            return ReadBackResult.Right;
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            return ReadBackResult.Missing;
        }
        catch (FileSystemException)
        {
            return Damaged(content, path); // The disk cannot give it back.
        }
    }

    /// <summary>Invariant: what is known to be damaged has no date, and nobody is told by its size and times that it is here.</summary>
    private ReadBackResult Damaged(ContentId content, EntryPath path)
    {
        index.Damaged(path);
        if (index.VerifiedAt(content) is not null)
            record.Verified([new VerifiedLine(time.GetUtcNow(), content, IsNew: true)]);
        return ReadBackResult.Damaged;
    }
}

/// <summary>What came of reading a content back.</summary>
public enum ReadBackResult
{
    /// <summary>Every bit is as it was sent.</summary>
    Right,

    /// <summary>No file holds it any more.</summary>
    Missing,

    /// <summary>The disk gives other bytes than were written, or none.</summary>
    Damaged,
}
