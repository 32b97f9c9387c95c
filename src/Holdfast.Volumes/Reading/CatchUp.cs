using System.Text;
using Holdfast.Core.Model;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Record;

namespace Holdfast.Volumes.Reading;

/// <summary>
/// Brings the database up to what the place holds: a volume that another client or a cut-off run added is read; one that is
/// gone is noted. A lost database is made anew from the volumes alone, in the same way.
/// </summary>
internal sealed class CatchUp(IVolumePlace place, VolumeDatabase database, VolumeCodec codec, IReadOnlyCollection<string> placeIds)
{
    private readonly VolumeReading _reading = new(place, codec);
    private readonly Lazy<IReadOnlyDictionary<string, DateTimeOffset>> _verified = new(() => Verified.Read(place));
    private VolumePlan? _unfinished;

    /// <summary>What was found out, for people.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Compares the place with the database. Volumes are read only when they are new to it.</summary>
    /// <exception cref="HoldfastException">The passphrase does not fit, or another run is at work with the database.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        var there = Own(asKnown: true);
        var known = database.Volumes();
        var names = there.Select(v => v.ToString()).ToHashSet(StringComparer.Ordinal);
        var lost = known.Where(k => k.IsThere && !names.Contains(k.Name.ToString())).ToList();
        var unread = there.Where(t => !known.Any(k => (k.IsThere || k.IsDamaged) && k.Name == t)).ToList();
        if (lost.Count == 0 && unread.Count == 0)
            return;
        database.Begin();
        foreach (var volume in lost)
        {
            Remarks.Add($"the volume {volume.Name} is not there any more");
            database.Lose(volume.Name.Number);
        }
        if (unread.Count > 0 && known.Any(k => k.Name.Number >= unread[0].Number))
            ReadAll(Own(asKnown: false), cancellationToken);
        else
            Read(unread, cancellationToken);
        database.Commit();
    }

    /// <summary>Makes the database anew from the volumes alone.</summary>
    public void RunAnew(CancellationToken cancellationToken)
    {
        database.Begin();
        ReadAll(Own(asKnown: false), cancellationToken);
        database.Commit();
    }

    private List<VolumeName> Own(bool asKnown)
    {
        var remarks = new List<string>();
        var own = new OwnVolumes(database, _reading, placeIds, remarks.Add).Among(place.List(), asKnown);
        Remarks.AddRange(remarks.Except(Remarks));
        return own;
    }

    private void ReadAll(IReadOnlyList<VolumeName> volumes, CancellationToken cancellationToken)
    {
        database.Clear();
        Read(volumes, cancellationToken);
    }

    private void Read(IReadOnlyList<VolumeName> volumes, CancellationToken cancellationToken)
    {
        foreach (var name in volumes)
        {
            var unfinished = _unfinished;
            try
            {
                database.BeginVolume();
                Read(name, cancellationToken);
            }
            catch (Exception e) when (e is DamagedVolumeException || (e is HoldfastException { Kind: ErrorKind.WrongPassword } && FitsAnother(name)))
            {
                database.DropVolume();
                Remarks.Add($"the volume {name} cannot be used: {(e is DamagedVolumeException ? e.Message : "the passphrase that fits others does not fit it; it is damaged, or was made with another")}");
                database.AddDamagedVolume(name);
                _unfinished = unfinished;
            }
        }
        EndUnfinished();
    }

    /// <summary>A run without its last volume has no index of everything; its plan tells at least what it found gone.</summary>
    private void EndUnfinished()
    {
        foreach (var gone in _unfinished?.Gone ?? [])
            if (database.LiveAt(EntryPath.From(PathText.Decode(Encoding.UTF8.GetBytes(gone)))) is { } live && live.First < _unfinished!.Run)
                database.End(live.Id, _unfinished.Run, _unfinished.Time);
        _unfinished = null;
    }

    /// <summary>Where a passphrase fits another volume, one that it does not fit is no reason to refuse them all.</summary>
    private bool FitsAnother(VolumeName name) => place.List().Any(other =>
    {
        try
        {
            return other != name && other.Suffix == name.Suffix && _reading.ReadPlan(other) is not null;
        }
        catch (Exception e) when (e is DamagedVolumeException or HoldfastException { Kind: ErrorKind.WrongPassword })
        {
            return false;
        }
    });

    private void Read(VolumeName name, CancellationToken cancellationToken)
    {
        VolumePlan? plan = null;
        var lines = new VolumeLines(database, Remarks);
        database.BeginIncoming();
        database.BeginListed();
        var (end, isIntact) = _reading.Read(
            name,
            found =>
            {
                plan = found;
                if (_unfinished is not null && _unfinished.Run != found.Run)
                    EndUnfinished();
                if (found.Volume != name.Number)
                    throw new InvalidDataException($"it says it is volume {found.Volume}: somebody renamed it");
                database.AddVolume(name, found.Run, 0);
            },
            database.AddIncoming,
            line => lines.Apply(line, name, plan!.Run),
            cancellationToken);
        if (!isIntact)
            Remarks.Add($"not every byte of the volume {name} is as it was written: its files' bytes are compared one by one, but times, owners or attributes may be wrong");
        using (var file = place.Open(name))
            database.SetBytes(name.Number, file.Stat().Size);
        // Reading it just now was no check of the disk: memory may have given it.
        if (_verified.Value.TryGetValue(name.ToString(), out var verified))
            database.SetVerified(name.Number, verified);
        if (!end.IsLast)
        {
            database.AddRun(plan!.Run, name.Number, plan.Time, plan.Client, plan.Job, new Core.Targets.SnapshotStatistics(), isComplete: false);
            _unfinished = plan;
            return;
        }
        _unfinished = null;
        database.EndUnlisted(plan!.Run, plan.Time);
        database.AddRun(plan.Run, name.Number, plan.Time, plan.Client, plan.Job, end.Statistics ?? new Core.Targets.SnapshotStatistics());
    }
}
