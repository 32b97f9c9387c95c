using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Targets;

namespace Holdfast.Volumes.Database;

/// <summary>A volume, as the database knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Run">The run that made it.</param>
/// <param name="IsThere">False when it was lost or forgotten.</param>
/// <param name="IsDamaged">True when it is there, but nothing can be read from it.</param>
/// <param name="Bytes">Its size as a file.</param>
/// <param name="Verified">When it was last read back, or null.</param>
internal sealed record KnownVolume(VolumeName Name, long Run, bool IsThere, bool IsDamaged, long Bytes, DateTimeOffset? Verified);

/// <summary>The volumes and the runs that made them.</summary>
internal sealed partial class VolumeDatabase
{
    /// <summary>All volumes, oldest first.</summary>
    public IReadOnlyList<KnownVolume> Volumes() =>
        [.. Rows(r => new KnownVolume(VolumeName.TryParse(r.GetString(0))!, r.GetInt64(1), r.GetInt64(2) == 1, r.GetInt64(2) == 2, r.GetInt64(3), r.IsDBNull(4) ? null : Time(r.GetString(4))), "SELECT name, run, is_there, bytes, verified FROM volumes ORDER BY volume")];

    /// <summary>The runs of which a volume is there, oldest first. Without its last volume a run is incomplete.</summary>
    public IReadOnlyList<Snapshot> Runs() =>
        [.. Rows(
            r => new Snapshot(VolumeName.TryParse(r.GetString(0))!.Id, r.GetInt64(1), Time(r.GetString(2)), r.GetString(3), r.GetString(4), JsonSerializer.Deserialize(r.GetString(5), StatisticsJson.Default.SnapshotStatistics)!) { IsIncomplete = r.GetInt64(6) == 0 },
            """
            SELECT v.name, r.run, r.time, r.client, r.job, r.statistics, r.is_complete AND v.is_there = 1 FROM runs r JOIN volumes v ON v.volume = r.last
            WHERE EXISTS (SELECT 1 FROM volumes o WHERE o.run = r.run AND o.is_there = 1) ORDER BY r.run
            """)];

    /// <summary>
    /// The newest run's number; 0 when there is none. Volumes behind the newest known one that nothing can be read from may each
    /// be of a run of its own, whose number must not be given again: they may be readable another time.
    /// </summary>
    public long NewestRun() => (long)Scalar(
        """
        SELECT (SELECT COALESCE(MAX(run), 0) FROM (SELECT run FROM runs UNION ALL SELECT run FROM volumes))
        + (SELECT COUNT(*) FROM volumes WHERE run = 0 AND volume > (SELECT COALESCE(MAX(volume), 0) FROM volumes WHERE run > 0))
        """)!;

    /// <summary>True when the volume can be read.</summary>
    public bool IsThere(long volume) => Scalar("SELECT 1 FROM volumes WHERE volume = $1 AND is_there = 1", volume) is not null;

    /// <summary>The highest number of a volume; 0 when there is none.</summary>
    public long NewestVolume() => (long?)Scalar("SELECT MAX(volume) FROM volumes") ?? 0;

    public void AddVolume(VolumeName name, long run, long bytes) =>
        Execute("INSERT OR REPLACE INTO volumes VALUES ($1, $2, $3, 1, $4, NULL)", name.Number, run, name.ToString(), bytes);

    /// <summary>The volume is there, but nothing can be read from it.</summary>
    public void AddDamagedVolume(VolumeName name) => Execute("INSERT OR REPLACE INTO volumes VALUES ($1, 0, $2, 2, 0, NULL)", name.Number, name.ToString());

    /// <summary>A volume that others name and that is not there.</summary>
    public void AddMissingVolume(long volume) => Execute("INSERT OR IGNORE INTO volumes VALUES ($1, 0, $2, 0, 0, NULL)", volume, new VolumeName(volume, DateTimeOffset.UnixEpoch, "").ToString());

    public void SetBytes(long volume, long bytes) => Execute("UPDATE volumes SET bytes = $2 WHERE volume = $1", volume, bytes);

    public void SetVerified(long volume, DateTimeOffset? time) => Execute("UPDATE volumes SET verified = $2 WHERE volume = $1", volume, time is { } t ? Text(t) : null);

    public void AddRun(long run, long last, DateTimeOffset time, string client, string job, SnapshotStatistics statistics, bool isComplete = true) =>
        Execute("INSERT OR REPLACE INTO runs VALUES ($1, $2, $3, $4, $5, $6, $7)", run, last, Text(time), client, job, JsonSerializer.Serialize(statistics, StatisticsJson.Default.SnapshotStatistics), isComplete);

    /// <summary>The volume is gone: what was saved there last falls back on an older copy, or has none.</summary>
    public void Lose(long volume)
    {
        Execute("UPDATE volumes SET is_there = 0 WHERE volume = $1", volume);
        // A copy that lacks a part is none.
        Execute("INSERT OR IGNORE INTO copies SELECT version, $1, -1 FROM parts WHERE volume = $1", volume);
        Execute("DELETE FROM copies WHERE volume <> $1 AND (version, volume) IN (SELECT version, last FROM parts WHERE volume = $1)", volume);
        Execute(
            "UPDATE versions SET saved = (SELECT MAX(c.volume) FROM copies c JOIN volumes v ON v.volume = c.volume WHERE c.version = versions.id AND v.is_there = 1) WHERE saved = $1 OR id IN (SELECT version FROM parts WHERE volume = $1)",
            volume);
    }

    /// <summary>Forgets everything, so that the volumes can tell it anew.</summary>
    public void Clear()
    {
        _anyParts = null;
        foreach (var table in new[] { "parts", "copies", "versions", "volumes", "runs" })
            Execute($"DELETE FROM {table}");
    }

    /// <summary>
    /// Volumes that no last good copy lies in: of nothing that is there, and of nothing gone that is still kept. Gone is kept
    /// until it was found gone before <paramref name="goneBefore"/> and before the run <paramref name="goneBeforeRun"/>.
    /// The volumes of one run go together, so that what lies in one is listed by a snapshot. Those of the newest run that is complete, and of later ones, are never among them.
    /// </summary>
    public IReadOnlyList<VolumeName> Removable(DateTimeOffset goneBefore, long goneBeforeRun) =>
        [.. Rows(
            r => VolumeName.TryParse(r.GetString(0))!,
            """
            SELECT name FROM volumes WHERE is_there = 1 AND run < (SELECT MAX(r.run) FROM runs r JOIN volumes l ON l.volume = r.last WHERE r.is_complete = 1 AND l.is_there = 1)
            AND NOT EXISTS (SELECT 1 FROM versions WHERE saved IN (SELECT volume FROM volumes v WHERE v.run = volumes.run) AND (until IS NULL OR (gone IS NOT NULL AND (gone >= $1 OR until >= $2))))
            ORDER BY volume
            """,
            Text(goneBefore), goneBeforeRun)];

    /// <summary>What no volume holds any more: of paths that are there in the source, and of those gone not before <paramref name="goneBefore"/>.</summary>
    public IEnumerable<PathState> Lost(DateTimeOffset goneBefore) =>
        States("WHERE v.saved IS NULL AND (v.until IS NULL OR v.gone >= ?1) ORDER BY v.path", Text(goneBefore));

    /// <summary>The volume that is known to have held a state, though it is not there.</summary>
    public long? LostIn(long version) => (long?)Scalar("SELECT MAX(volume) FROM copies WHERE version = $1", version);
}

// Made by the compiler: reflection would cost a run without changes a tenth of its time.
[JsonSerializable(typeof(SnapshotStatistics))]
internal sealed partial class StatisticsJson : JsonSerializerContext;
