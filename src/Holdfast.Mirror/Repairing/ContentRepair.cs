using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Repairing;

/// <summary>
/// Takes damaged and missing contents of a place back from wherever the recorded hash is found: the place itself, then others.
/// </summary>
internal sealed class ContentRepair
{
    private readonly IFolder _place;
    private readonly FileSystemTraits _traits;
    private readonly RepairOptions _options;
    private readonly Action<Repaired> _repaired;
    private readonly IReadOnlyList<Increment> _increments;
    private readonly Diagnosis _diagnosis;
    private readonly Replacement _replacement;
    private readonly Dictionary<EntryPath, string> _problems = [];

    private ContentRepair(IFolder place, FileSystemTraits traits, RepairOptions options, Action<Repaired> repaired)
    {
        _place = place;
        _traits = traits;
        _options = options;
        _repaired = repaired;
        _increments = Increment.List(place);
        _diagnosis = new Diagnosis(place, traits, options.ReadData);
        _replacement = new Replacement(place, traits, _diagnosis);
    }

    /// <summary>Repairs a place, which is locked unless nothing is to be written.</summary>
    public static void Run(IFolder place, FileSystemTraits traits, RepairOptions options, Action<Repaired> repaired, CancellationToken cancellationToken) =>
        new ContentRepair(place, traits, options, repaired).Run(cancellationToken);

    private void Run(CancellationToken cancellationToken)
    {
        var wanted = Wanted(cancellationToken);
        if (wanted.Count == 0)
            return;
        try
        {
            foreach (var names in wanted.Values.ToList())
                if (MendFromPlace(names, cancellationToken))
                    wanted.Remove(names[0].Content);
            foreach (var donor in _options.Donors)
                if (wanted.Count > 0)
                    MendFrom(donor, wanted, cancellationToken);
        }
        finally
        {
            if (!_options.DryRun)
                Finish();
        }
        foreach (var name in wanted.Values.SelectMany(names => names).Where(n => _problems.ContainsKey(n.Path)))
            _repaired(Report(name, null));
    }

    /// <summary>All names, damaged and not, of the contents of which one is damaged.</summary>
    private Dictionary<ContentId, List<HeldName>> Wanted(CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<ContentId, List<HeldName>>();
        foreach (var name in HeldName.All(_place, _traits, _increments, cancellationToken))
            if (_diagnosis.ProblemOf(name) is { } problem)
            {
                _problems.Add(name.Path, problem);
                wanted[name.Content] = [];
            }
        if (wanted.Count > 0)
            foreach (var name in HeldName.All(_place, _traits, _increments, cancellationToken))
                if (wanted.TryGetValue(name.Content, out var names))
                    names.Add(name);
        return wanted;
    }

    /// <summary>False when no name of the place has the contents any more.</summary>
    private bool MendFromPlace(List<HeldName> names, CancellationToken cancellationToken)
    {
        HeldName? good = null;
        // A name of the same file is better than a copy; so all that share one with a damaged name are read.
        var files = names.Where(IsDamaged).Select(n => n.FileIn(_traits)).ToHashSet();
        foreach (var name in names.Where(n => !IsDamaged(n)).OrderByDescending(n => files.Contains(n.FileIn(_traits))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (good is not null && !files.Contains(name.FileIn(_traits)))
                break;
            if (_diagnosis.IsRight(name))
                good ??= name;
            else
                _problems.Add(name.Path, "its bytes were others");
        }
        return good is not null && Mend(names, () => _place.OpenFile(good.Path), $"{_place.Display}/{good.Path}", cancellationToken);
    }

    private void MendFrom(IContentDonor donor, Dictionary<ContentId, List<HeldName>> wanted, CancellationToken cancellationToken)
    {
        var asked = wanted.Values.Select(names => new WantedContent(names[0].Content, names[0].Held.Entry.Size, names.Select(n => n.Held.Entry.Path).ToHashSet())).ToList();
        foreach (var offer in donor.Offer(asked, cancellationToken))
            if (wanted.TryGetValue(offer.Content, out var names) && Mend(names, offer.Open, offer.Where, cancellationToken))
                wanted.Remove(offer.Content);
    }

    /// <summary>Mends every file that one content is missing from; false when what is offered is something else.</summary>
    private bool Mend(List<HeldName> names, Func<IFileReader> open, string where, CancellationToken cancellationToken)
    {
        if (_options.DryRun)
        {
            if (!HasContent(open, names[0].Content))
                return false;
            foreach (var name in names.Where(IsDamaged))
                _repaired(Report(name, where));
            return true;
        }
        foreach (var file in names.GroupBy(n => n.FileIn(_traits)).Where(f => f.Any(IsDamaged)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var newest = file.OrderByDescending(n => n.InMirror).ThenByDescending(n => n.Held.Increment).First();
            if ((file.FirstOrDefault(n => !IsDamaged(n))?.Path ?? _replacement.TryCopy(open, newest)) is not { } good)
                return false;
            foreach (var name in file.Where(IsDamaged).ToList())
            {
                _replacement.Replace(name, good);
                _repaired(Report(name, where));
                _problems.Remove(name.Path);
            }
        }
        return true;
    }

    /// <summary>Makes all of it durable, and gives the folders of mirror/ back what the renames in them changed.</summary>
    private void Finish()
    {
        if (_replacement.Touched.Count > 0)
        {
            var metadata = new MetadataWriter(new Remarks(), MirrorLayout.ModeInMirror);
            var folders = RecordMerge.State(_place, _increments, isNewest: true, CancellationToken.None)
                .Where(e => e.Entry.Type == EntryType.Folder && _replacement.Touched.Any(t => t.IsAtOrUnder(e.Entry.Path)))
                .Select(e => e.Entry).ToList();
            // Deepest first: a folder may close itself to its owner.
            for (var i = folders.Count - 1; i >= 0; i--)
                if (_place.TryStat(folders[i].Path.Under(MirrorLayout.Mirror)) is { Type: EntryType.Folder })
                    metadata.Apply(_place, folders[i].Path.Under(MirrorLayout.Mirror), folders[i]);
        }
        // Invariant: the names are durable before the copies' own names go.
        _place.Barrier();
        FolderTree.Delete(_place, MirrorLayout.Repair);
    }

    private bool IsDamaged(HeldName name) => _problems.ContainsKey(name.Path);

    private static bool HasContent(Func<IFileReader> open, ContentId content)
    {
        try
        {
            using var file = open();
            return Diagnosis.HashOf(file) == content;
        }
        catch (FileSystemException)
        {
            return false;
        }
    }

    private Repaired Report(HeldName name, string? from)
    {
        var needs = name.InMirror && !name.Held.Entry.Tracked
            ? _increments.TakeLast(1)
            : _increments.Where(i => i.Number >= name.Held.Increment && (name.Held.Until is not { } until || i.Number < until));
        return new Repaired($"{_place.Display}/{name.Path}", _problems[name.Path], from, [.. needs.Select(i => i.Id)]);
    }
}
