using Holdfast.Core.Targets;

namespace Holdfast.Library.Verifying;

/// <summary>Reads a share of a library back from the disk, what waits longest first. The dates are lines of the library's record.</summary>
internal sealed class LibraryVerification(LibraryFolder library, TimeProvider time)
{
    /// <summary>Runs it; a file that people changed since it was hashed is the next scan's business.</summary>
    public async Task RunAsync(VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken)
    {
        var all = library.Index.ByReadBack();
        var left = (long)Math.Ceiling(all.Sum(c => c.Size) * Math.Min(options.Share, 1));
        var chosen = all.TakeWhile(c => (left -= c.Size) + c.Size > 0).ToList();
        (counters.Files, counters.Bytes) = (chosen.Count, chosen.Sum(c => c.Size));
        var reading = new ReadBack(library.Folder, library.Index, library.Record, new Contents(library.Folder, library.Index), time);
        var start = options.Time.GetTimestamp();
        try
        {
            foreach (var (content, path, size) in chosen)
            {
                if (options.Time.GetElapsedTime(start) >= options.MaxTime)
                    break;
                counters.Begin(path);
                if (await reading.AgainAsync(content, cancellationToken) == ReadBackResult.Damaged)
                {
                    counters.Find();
                    found(new CheckFinding(path.ToString(), "the disk does not give back what was stored", "Take it from another copy; 'holdfast find' looks for one."));
                }
                counters.Read(size);
                counters.Done();
            }
        }
        finally
        {
            library.Folder.Barrier(); // The dates are durable now.
        }
    }
}
