using System.Globalization;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Adopting;
using Holdfast.Mirror.Forgetting;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Repairing;
using Holdfast.Mirror.Run;
using Holdfast.Mirror.Verifying;

namespace Holdfast.Mirror;

/// <summary>A plain copy of a source in a folder, with increments of hard links (docs/formats/mirror.md).</summary>
/// <param name="path">The place's folder.</param>
/// <param name="open">Opens folders; another one than <see cref="LocalFolders.Open"/> only in tests.</param>
public sealed class MirrorTarget(string path, Func<string, IFolder> open) : IPlaceTarget, IReportKeeper, IForget, IForgetPaths, IVerify, IRepair
{
    /// <inheritdoc/>
    public string Name => $"mirror:{path}";

    /// <summary>Makes an absent or empty folder a place, or says why not.</summary>
    /// <param name="request">Whose place it becomes.</param>
    /// <param name="adopt">Take over a place of another source or client, keeping its history.</param>
    /// <param name="newId">Give an existing place a new id, because it is a clone of another.</param>
    /// <returns>The marker.</returns>
    /// <exception cref="HoldfastException">The folder holds something else.</exception>
    public PlaceMarker Init(RunRequest request, bool adopt = false, bool newId = false)
    {
        using var place = CreateOrOpen();
        if (PlaceMarker.TryRead(place) is { } existing)
        {
            // Never another layout's marker: its own job would not know the place any more.
            MirrorPlace.RequireMirror(existing, Name);
            var changed = existing with
            {
                Id = newId ? PlaceMarker.NewId() : existing.Id,
                Client = adopt ? request.Client : existing.Client,
                Job = adopt ? request.Job : existing.Job,
                Sources = adopt ? request.Sources : existing.Sources,
            };
            if (adopt)
                new HeadCache(request.StateFolder, existing.Id).Clear();
            else if (!newId)
                MirrorPlace.RequireSame(existing, request, Name);
            changed.Write(place);
            return changed;
        }
        RequireEmpty(place, request);
        var marker = new PlaceMarker
        {
            Id = request.PlaceId ?? PlaceMarker.NewId(),
            Layout = MirrorLayout.Name,
            Client = request.Client,
            Job = request.Job,
            Sources = request.Sources,
            Created = request.Time,
        };
        marker.Write(place);
        FolderTree.Ensure(place, MirrorLayout.Increments, 0x1ed);
        return marker;
    }

    /// <summary>True when a plain copy may lie here: there is something, and nobody made a place of it.</summary>
    public bool HoldsPlainCopy()
    {
        if (IsAbsentOrEmpty())
            return false;
        using var place = OpenPlace();
        return PlaceMarker.TryRead(place) is null;
    }

    /// <summary>Makes a place of a plain copy of the source, which becomes mirror/ and the first snapshot. Reads it once and copies nothing.</summary>
    /// <param name="request">Whose place it becomes.</param>
    /// <param name="counters">How far it is.</param>
    /// <param name="cancellationToken">Breaks off; another call goes on.</param>
    /// <exception cref="HoldfastException">It does not look like a copy of the source, or is locked.</exception>
    public async Task<PlaceMarker> AdoptAsync(RunRequest request, VerifyCounters counters, CancellationToken cancellationToken)
    {
        using var place = OpenPlace();
        // Before the lock, which leaves a file: what is no copy stays as it is.
        Adoption.Require(place, request, cancellationToken);
        var root = place.Stat(EntryPath.Root);
        FolderTree.Ensure(place, PlaceMarker.Folder, 0x1ed);
        using var held = await PlaceLock.TakeAsync(place, MirrorLayout.Lock, $"{request.Client} init", request.WaitForLock, cancellationToken);
        return Adoption.Run(place, root, request, counters, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IBackupRun> BeginAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (request.IsAdHoc && !request.DryRun && IsAbsentOrEmpty())
            Init(request);
        else if (request.IsAdHoc && request.DryRun && IsAbsentOrEmpty())
            return new AbsentPlaceRun();

        var place = OpenPlace();
        IDisposable? held = null;
        try
        {
            var marker = PlaceMarker.TryRead(place) ?? throw NoMarker(request);
            MirrorPlace.RequireSame(marker, request, Name);
            if (!request.DryRun)
                held = await PlaceLock.TakeAsync(place, MirrorLayout.Lock, $"{request.Client} {request.Job}", request.WaitForLock, cancellationToken);
            return MirrorRun.Begin(place, marker, held, request);
        }
        catch
        {
            held?.Dispose();
            place.Dispose();
            throw;
        }
    }

    /// <summary>Opens the snapshots for reading; works on a read-only disk and on any machine.</summary>
    /// <exception cref="HoldfastException">There is no mirror at the path.</exception>
    public ISnapshots OpenSnapshots() => OpenSnapshots(null);

    /// <summary>The same of the place that a job means: another one under the same path is refused (promise 8).</summary>
    /// <param name="request">Whose place it must be; null for anybody's.</param>
    /// <exception cref="HoldfastException">There is no mirror at the path, or another's.</exception>
    public ISnapshots OpenSnapshots(RunRequest? request)
    {
        var place = OpenMirror(out var traits, request);
        try
        {
            return new MirrorSnapshots(Name, place, traits);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void KeepReport(string name, ReadOnlySpan<byte> report)
    {
        using var place = open(path);
        FolderTree.Ensure(place, MirrorLayout.Reports, 0x1ed);
        SmallFile.Write(place, MirrorLayout.Reports.Child(System.Text.Encoding.UTF8.GetBytes(name + ".json")), report);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Snapshot>> ForgetAsync(Func<IReadOnlyList<Snapshot>, IReadOnlyList<Snapshot>> choose, string purpose, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var place = OpenMirror(out var traits);
        using var held = await PlaceLock.TakeAsync(place, MirrorLayout.Lock, purpose, wait, cancellationToken);
        return Forget.Run(place, traits, choose, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ForgetPathsAsync(RuleList masks, Action<ForgottenVersion> found, bool dryRun, string purpose, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var place = OpenMirror(out var traits);
        using var held = dryRun ? null : await PlaceLock.TakeAsync(place, MirrorLayout.Lock, purpose, wait, cancellationToken);
        if (!dryRun)
            PathForget.Recover(place);
        foreach (var version in PathForget.Find(place, masks, cancellationToken))
            found(version);
        if (!dryRun)
            PathForget.Run(place, traits, masks, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> VerifyAsync(VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken)
    {
        using var place = OpenMirror(out var traits);
        return await new DataCheck(place, traits, options, found, counters).RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RepairAsync(RepairOptions options, Action<Repaired> repaired, CancellationToken cancellationToken)
    {
        using var place = OpenMirror(out var traits);
        using var held = options.DryRun ? null : await PlaceLock.TakeAsync(place, MirrorLayout.Lock, options.Purpose, options.Wait, cancellationToken);
        MirrorRepair.Run(place, traits, options, repaired, cancellationToken);
    }

    private IFolder OpenMirror(out FileSystemTraits traits, RunRequest? request = null)
    {
        var place = OpenPlace();
        try
        {
            var marker = PlaceMarker.TryRead(place) ?? throw NoMirror();
            if (request is not null)
                MirrorPlace.RequireSame(marker, request, Name);
            traits = PlaceLacks.Traits(place, marker);
            return marker.Layout == MirrorLayout.Name ? place : throw OtherLayout(marker);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private HoldfastException NoMirror() => new(ErrorKind.NoPlace, $"there is no mirror at '{path}'.", "A mirror is the folder that holds 'mirror', 'increments' and '.holdfast'.");

    private HoldfastException OtherLayout(PlaceMarker marker) => new(ErrorKind.NoPlace, $"'{path}' is a place with the layout '{marker.Layout}', not a mirror.");

    private IFolder OpenPlace()
    {
        try
        {
            return open(path);
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.NoPlace, $"there is no place at '{path}': {e.Message}.", "Is its disk mounted? A new place is made with 'holdfast init'.", e);
        }
    }

    /// <summary>
    /// A new place is one new folder in a folder that is there. Were its parents made too, a disk that is not mounted would
    /// be replaced by a folder of the same name on the system's own disk.
    /// </summary>
    private IFolder CreateOrOpen()
    {
        PlaceParent.Require(path);
        try
        {
            return LocalFolders.Create(path) is var created && open == LocalFolders.Open ? created : Reopen(created);
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.Failed, e.Message + ".", "Choose a folder you may write to.", e);
        }
    }

    private IFolder Reopen(IFolder created)
    {
        created.Dispose();
        return open(path);
    }

    private bool IsAbsentOrEmpty()
    {
        try
        {
            using var folder = open(path);
            return FirstForeign(folder) is null && PlaceMarker.TryRead(folder) is null;
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            return true;
        }
    }

    private void RequireEmpty(IFolder place, RunRequest request)
    {
        if (FirstForeign(place) is not null)
            throw new HoldfastException(
                ErrorKind.NoPlace,
                $"'{path}' is not empty and is no place of Holdfast.",
                $"Choose a new folder, for example '{System.IO.Path.Combine(path, "backup")}'." + (request.IsAdHoc ? "" : $" If it is a copy of the source, 'holdfast init {request.Job} --adopt' takes it over without copying again."));
    }

    /// <summary>The first name that neither a fresh disk nor a crash while the place was made leaves in a folder.</summary>
    private static string? FirstForeign(IFolder place)
    {
        if (place.TryStat(MirrorLayout.Adopting) is not null)
            return MirrorLayout.Adopting.ToString();
        var listing = place.List();
        for (var i = 0; i < listing.Count; i++)
            if (!listing[i].SequenceEqual("lost+found"u8) && !listing[i].SequenceEqual(PlaceMarker.Folder.Bytes))
                return PathText.ForPeople(listing[i]);
        return null;
    }

    private HoldfastException NoMarker(RunRequest request) => new(
        ErrorKind.NoPlace,
        $"'{path}' is there but is no place of Holdfast (no .holdfast/place.json). Is the right disk mounted?",
        request.IsAdHoc ? "Name a new or empty folder." : $"To make it one, type: holdfast init {request.Job}");
}
