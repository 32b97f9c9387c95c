using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;

namespace Holdfast.Volumes.Reading;

/// <summary>
/// Reads volumes from the place and compares every file's SHA-256 with the index, and everything between the files with the
/// checksum at the volume's end: those read longest ago first. A volume is read whole or not at all.
/// </summary>
internal sealed class VolumeVerification(IVolumePlace place, VolumeDatabase database, VolumeCodec codec, VerifyOptions options)
{
    private readonly List<string> _remarks = [];

    public IReadOnlyList<string> Run(Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken)
    {
        var started = options.Time.GetTimestamp();
        var volumes = Chosen();
        counters.Files = volumes.Count;
        counters.Bytes = volumes.Sum(v => v.Bytes);
        foreach (var volume in volumes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (options.MaxTime is { } most && options.Time.GetElapsedTime(started) > most)
                break;
            counters.Begin(volume.Name.Path);
            var findings = Check(volume.Name, cancellationToken);
            foreach (var finding in findings)
            {
                counters.Find();
                found(finding);
            }
            counters.Read(volume.Bytes);
            counters.Done();
            Note(volume.Name, findings.Count == 0 ? options.Time.GetUtcNow() : null);
        }
        return _remarks;
    }

    /// <summary>The volumes read longest ago, until the share is reached; at least one.</summary>
    private List<KnownVolume> Chosen()
    {
        var all = database.Volumes().Where(v => v.IsThere).OrderBy(v => v.Verified ?? DateTimeOffset.MinValue).ThenBy(v => v.Name.Number).ToList();
        var wanted = options.Share * all.Sum(v => v.Bytes);
        var chosen = new List<KnownVolume>();
        foreach (var volume in all)
        {
            if (chosen.Count > 0 && chosen.Sum(v => v.Bytes) >= wanted)
                break;
            chosen.Add(volume);
        }
        return chosen;
    }

    private List<CheckFinding> Check(VolumeName name, CancellationToken cancellationToken)
    {
        var findings = new List<CheckFinding>();
        var parts = database.PartsIn(name.Number);
        try
        {
            database.BeginIncoming();
            var (_, isIntact) = new VolumeReading(place, codec).Read(
                name,
                plan =>
                {
                    if (plan.Volume != name.Number)
                        throw new DamagedVolumeException(name, new InvalidDataException($"it says it is volume {plan.Volume}"));
                },
                member =>
                {
                    database.AddIncoming(member);
                    if (parts.TryGetValue(member.Position, out var content) && content != member.Entry.Content)
                        findings.Add(new CheckFinding($"{name}: {member.Entry.Path}", "its bytes are not those that were saved", "An older volume may hold the file: 'holdfast repair' notices."));
                },
                line => Compare(line, name, findings),
                cancellationToken);
            if (!isIntact && findings.Count == 0)
                findings.Add(new CheckFinding(name.ToString(), "its files are as they were saved, but not every byte between them: times, owners or attributes may be wrong", "Replace it by a copy."));
        }
        catch (DamagedVolumeException e)
        {
            findings.Add(new CheckFinding(name.ToString(), e.Message, "Replace it by a copy. A backup saves again what was only in it, once 'holdfast repair' has noticed."));
        }
        catch (FileSystemException e)
        {
            findings.Add(new CheckFinding(name.ToString(), e.Message, "Is the disk failing?"));
        }
        return findings;
    }

    private void Compare(Record.IndexLine line, VolumeName name, List<CheckFinding> findings)
    {
        if (line.Volume != name.Number || line.GoneInRun is not null || line.Socket is not null)
            return;
        if (line.Parts.Count > 0)
            return; // Its parts are compared one by one.
        if (database.Incoming(line.Path) is null && line.LinkedWith is { } first && first != line.Path)
            return; // A further name has no bytes; of a file in parts it has no member either.
        if (database.Incoming(line.Path) is not { } member)
            findings.Add(new CheckFinding($"{name}: {line.Path}", "is not in the volume that lists it", "An older volume may hold it: 'holdfast repair' notices."));
        else if (member.Entry.Content is { } content && content != line.Content)
            findings.Add(new CheckFinding($"{name}: {line.Path}", "its bytes are not those that were saved", "An older volume may hold it: 'holdfast repair' notices."));
    }

    /// <summary>
    /// The date is kept in the place, where every client sees it, and in the cache. Of a volume that is not good, an earlier
    /// date says nothing any more.
    /// </summary>
    private void Note(VolumeName name, DateTimeOffset? verified)
    {
        database.SetVerified(name.Number, verified);
        try
        {
            Verified.Note(place, name, verified);
        }
        catch (FileSystemException e)
        {
            _remarks.Add($"the date could not be kept in the place: {e.Message}");
        }
    }
}
