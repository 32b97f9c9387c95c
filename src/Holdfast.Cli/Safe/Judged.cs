using Holdfast.Core.Catalog;
using Holdfast.Core.Engine.Safe;

namespace Holdfast.Cli.Safe;

/// <summary>A verdict, with what else is to be said of the file.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Remembered">Copies in places that are not connected, out of the catalog; they do not count.</param>
internal sealed record Judged(FileVerdict Verdict, IReadOnlyList<ContentCopy> Remembered);

/// <summary>What became of a file that was to be deleted.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Left">Why it was left; null when it is deleted.</param>
internal sealed record Deleted(FileVerdict Verdict, string? Left);

/// <summary>The answer as a whole.</summary>
internal sealed record SafeTotals
{
    public long Files { get; set; }

    public long Bytes { get; set; }

    public long Safe { get; set; }

    public long SafeBytes { get; set; }

    public long Unknown { get; set; }

    public long Deleted { get; set; }

    public long Left { get; set; }

    /// <summary>Places that were not asked, and why.</summary>
    public IReadOnlyList<(string Place, string Problem)> Absent { get; set; } = [];

    public bool EveryFileIsSafe => Files > 0 && Safe == Files;

    public void Count(FileVerdict verdict)
    {
        Files++;
        Bytes += verdict.File?.Stat.Size ?? 0;
        if (verdict.IsSafe)
        {
            Safe++;
            SafeBytes += verdict.File!.Stat.Size;
        }
        else if (verdict.File is null)
            Unknown++;
    }
}
