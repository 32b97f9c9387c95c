using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Verifying;

/// <summary>
/// <c>.holdfast/verified.jsonl</c>: when the contents of a place were last read back. Ranges of paths, so that the file stays
/// small; what it does not say is unknown, never good.
/// </summary>
internal sealed class VerifiedDates
{
    private readonly Dictionary<long, List<VerifiedRange>> _ranges = [];

    private VerifiedDates()
    {
    }

    /// <summary>What is known of the contents that these increments hold now.</summary>
    public static VerifiedDates Read(IFolderReader place, IReadOnlyList<Increment> increments)
    {
        var dates = new VerifiedDates();
        foreach (var range in Valid(place, increments))
        {
            var number = Increment.NumberOf(range.Increment);
            if (!dates._ranges.TryGetValue(number, out var list))
                dates._ranges.Add(number, list = []);
            list.Add(range);
        }
        foreach (var list in dates._ranges.Values)
            list.Sort((a, b) => a.From.CompareTo(b.From));
        return dates;
    }

    /// <summary>Adds ranges, and drops those that say nothing any more. The place is locked.</summary>
    public static void Add(IFolder place, IReadOnlyList<Increment> increments, IReadOnlyCollection<VerifiedRange> added)
    {
        var text = new StringBuilder();
        foreach (var range in Valid(place, increments).Where(old => !added.Any(a => a.Replaces(old))).Concat(added))
            text.Append(range.ToLine());
        SmallFile.Write(place, MirrorLayout.Verified, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>When the contents that an increment brought under a path were last read back; null when that is not known.</summary>
    public DateTimeOffset? Of(long increment, EntryPath path)
    {
        if (!_ranges.TryGetValue(increment, out var list))
            return null;
        DateTimeOffset? latest = null;
        foreach (var range in list)
            if (range.Covers(path) && (latest is null || range.At > latest))
                latest = range.At;
        return latest;
    }

    /// <summary>The same for many paths, asked for in path order for each increment.</summary>
    public Cursor InOrder() => new(this);

    /// <summary>All of them together.</summary>
    public static VerificationState StateOf(IFolder place, IReadOnlyList<Increment> increments, CancellationToken cancellationToken)
    {
        var dates = Read(place, increments).InOrder();
        long files = 0, bytes = 0, neverFiles = 0, neverBytes = 0;
        DateTimeOffset? oldest = null;
        foreach (var held in HeldContent.All(place, increments, cancellationToken))
        {
            files++;
            bytes += held.Entry.Size;
            if (dates.Of(held.Increment, held.Entry.Path) is not { } date)
            {
                neverFiles++;
                neverBytes += held.Entry.Size;
            }
            else if (oldest is null || date < oldest)
            {
                oldest = date;
            }
        }
        return new VerificationState(files, bytes, neverFiles, neverBytes, oldest);
    }

    private static List<VerifiedRange> Valid(IFolderReader place, IReadOnlyList<Increment> increments)
    {
        var valid = new List<VerifiedRange>();
        if (SmallFile.TryRead(place, MirrorLayout.Verified) is not { } bytes)
            return valid;
        var sums = new Dictionary<string, string?>(StringComparer.Ordinal);
        var byId = increments.ToDictionary(i => i.Id, StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (VerifiedRange.Parse(line) is not { } range)
                continue;
            if (!sums.TryGetValue(range.Increment, out var sum))
                sums.Add(range.Increment, sum = byId.TryGetValue(range.Increment, out var increment) ? increment.RecordSum(place) : null);
            if (sum == range.Record)
                valid.Add(range);
        }
        return valid;
    }

    /// <summary>Goes through the ranges of every increment once.</summary>
    internal sealed class Cursor(VerifiedDates dates)
    {
        private readonly Dictionary<long, (int Next, List<VerifiedRange> Open)> _at = [];

        public DateTimeOffset? Of(long increment, EntryPath path)
        {
            if (!dates._ranges.TryGetValue(increment, out var ranges))
                return null;
            var (next, open) = _at.TryGetValue(increment, out var at) ? at : (0, []);
            for (; next < ranges.Count && ranges[next].From.CompareTo(path) <= 0; next++)
                open.Add(ranges[next]);
            open.RemoveAll(range => range.To.CompareTo(path) < 0);
            _at[increment] = (next, open);
            return open.Count == 0 ? null : open.Max(range => range.At);
        }
    }
}
