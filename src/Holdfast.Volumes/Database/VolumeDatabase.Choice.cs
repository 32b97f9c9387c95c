namespace Holdfast.Volumes.Database;

/// <summary>Which volumes a restore reads.</summary>
internal sealed partial class VolumeDatabase
{
    /// <summary>
    /// Chooses a volume for every wanted state so that few volumes are read: again and again the one that holds most of what
    /// is still wanted (the greedy set cover), the newer of equals.
    /// </summary>
    public void ChooseVolumes(IEnumerable<long> wanted)
    {
        Execute("CREATE TEMP TABLE IF NOT EXISTS wanted (version INTEGER PRIMARY KEY)");
        Execute("CREATE TEMP TABLE IF NOT EXISTS chosen (version INTEGER PRIMARY KEY, volume INTEGER NOT NULL)");
        Execute("DELETE FROM wanted");
        Execute("DELETE FROM chosen");
        foreach (var version in wanted)
            Execute("INSERT OR IGNORE INTO wanted VALUES ($1)", version);
        while (Best() is { } volume)
        {
            Execute("INSERT INTO chosen SELECT w.version, $1 FROM wanted w JOIN copies c ON c.version = w.version WHERE c.volume = $1", volume);
            Execute("DELETE FROM wanted WHERE version IN (SELECT version FROM copies WHERE volume = $1)", volume);
        }
        _hasChosen = true;
    }

    /// <summary>The volumes that were chosen.</summary>
    public IReadOnlyList<long> ChosenVolumes() => [.. Rows(r => r.GetInt64(0), "SELECT DISTINCT volume FROM chosen ORDER BY volume")];

    /// <summary>The volume chosen for a state, or null.</summary>
    public long? Chosen(long version) => _hasChosen ? (long?)Scalar("SELECT volume FROM chosen WHERE version = $1", version) : null;

    private bool _hasChosen;

    private long? Best() => (long?)Scalar(
        "SELECT c.volume FROM wanted w JOIN copies c ON c.version = w.version JOIN volumes v ON v.volume = c.volume WHERE v.is_there = 1 GROUP BY c.volume ORDER BY COUNT(*) DESC, c.volume DESC LIMIT 1");
}
