using Holdfast.Core.Targets;

namespace Holdfast.Library;

/// <summary>A library keeps no past: what it can give back is what it holds now, or what a client uploaded.</summary>
internal static class LibrarySnapshot
{
    public const string Id = "now";

    public const long Number = 1;

    public static Snapshot At(DateTimeOffset time, string client, string job, SnapshotStatistics? statistics = null) =>
        new(Id, Number, time, client, job, statistics ?? new SnapshotStatistics());
}
