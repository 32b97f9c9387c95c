using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Stores;
using Holdfast.Stores.Opening;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Reading;
using Holdfast.Volumes.Run;

namespace Holdfast.Volumes;

/// <summary>Tar volumes in a folder or a bucket (docs/formats/volumes.md).</summary>
public sealed class VolumesTarget : IPlaceTarget, IForgetSpare, IRecordRepair, IVerify, IReportKeeper, IMarkedPlace
{
    private readonly IVolumePlaceOpening _opening;
    private readonly VolumeOptions _options;
    private readonly string _stateFolder;
    private readonly TimeProvider _time;

    internal VolumesTarget(IVolumePlaceOpening opening, VolumeOptions options, string stateFolder, TimeProvider time) =>
        (_opening, _options, _stateFolder, _time) = (opening, options, stateFolder, time);

    /// <summary>Volumes in a folder.</summary>
    /// <param name="path">The place's folder.</param>
    /// <param name="options">What the job says.</param>
    /// <param name="stateFolder">Where the database lies.</param>
    /// <param name="time">For dates of verifications.</param>
    /// <param name="open">Opens folders; another one than <see cref="LocalFolders.Open"/> only in tests.</param>
    public static VolumesTarget InFolder(string path, VolumeOptions options, string stateFolder, TimeProvider time, Func<string, IFolder>? open = null) =>
        new(new DiskPlaceOpening(path, open ?? LocalFolders.Open), options, stateFolder, time);

    /// <summary>Volumes in a bucket.</summary>
    /// <param name="store">Which, and how it is reached.</param>
    /// <param name="options">What the job says.</param>
    /// <param name="stateFolder">Where the database lies and volumes are staged.</param>
    /// <param name="time">For dates of verifications, and for watching locks.</param>
    public static VolumesTarget InStore(StoreOpening store, VolumeOptions options, string stateFolder, TimeProvider time) =>
        new(new StorePlaceOpening(store, stateFolder, time, options.Interruption), options, stateFolder, time);

    /// <inheritdoc/>
    public string Name => $"volumes:{_opening.Location}";

    /// <inheritdoc/>
    public PlaceMarker Init(RunRequest request, bool adopt = false, bool newId = false)
    {
        using var place = _opening.Create();
        if (place.TryReadMarker() is { } existing)
        {
            // Never another layout's marker: its own job would not know the place any more.
            if (existing.Layout != PlaceIdentity.Layout)
                throw PlaceIdentity.OtherLayout(existing, Name);
            if (!adopt && !newId)
                PlaceIdentity.RequireSame(existing, request, Name);
            if (newId)
                PlaceIdentity.NoteFormer(place, existing);
            var changed = existing with
            {
                Id = newId ? PlaceMarker.NewId() : existing.Id,
                Client = adopt ? request.Client : existing.Client,
                Job = adopt ? request.Job : existing.Job,
                Sources = adopt ? request.Sources : existing.Sources,
            };
            place.Write(changed);
            return changed;
        }
        if (place.FirstForeign() is { } foreign)
            throw new HoldfastException(ErrorKind.NoPlace, $"'{_opening.Location}' is not empty ('{foreign}') and is no place of Holdfast.", "Choose a new folder or prefix.");
        var marker = new PlaceMarker
        {
            Id = request.PlaceId ?? PlaceMarker.NewId(),
            Layout = PlaceIdentity.Layout,
            Client = request.Client,
            Job = request.Job,
            Sources = request.Sources,
            Created = request.Time,
        };
        place.Write(marker);
        return marker;
    }

    /// <inheritdoc/>
    public async Task<IBackupRun> BeginAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (request.IsAdHoc && IsAbsentOrEmpty())
        {
            if (request.DryRun)
                return new AbsentPlaceRun();
            Init(request);
        }
        var place = OpenPlace();
        IDisposable? held = null;
        VolumeDatabase? database = null;
        try
        {
            var marker = place.TryReadMarker() ?? throw NoMarker(request);
            PlaceIdentity.RequireSame(marker, request, Name);
            if (!request.DryRun)
            {
                held = await place.LockAsync($"{request.Client} {request.Job}", request.WaitForLock, cancellationToken);
                place.TidyUp();
            }
            var remarks = new Remarks();
            database = OpenDatabase(place, marker, remarks, cancellationToken);
            return new VolumesRun(place, marker, held, database, request, _options, remarks, _time, cancellationToken);
        }
        catch
        {
            database?.Dispose();
            held?.Dispose();
            place.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Needs neither config nor database: volumes that the database does not know are read first.</remarks>
    public ISnapshots OpenSnapshots() => OpenSnapshots(null);

    /// <inheritdoc/>
    public ISnapshots OpenSnapshots(RunRequest? request)
    {
        var place = OpenPlace();
        try
        {
            var marker = RequireMarker(place);
            if (request is not null)
                PlaceIdentity.RequireSame(marker, request, Name);
            var remarks = new Remarks();
            return new VolumeSnapshots(Name, place, marker, OpenDatabase(place, marker, remarks, _options.Interruption), _options, [.. remarks.All], _time);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Snapshot>> ForgetAsync(Func<IReadOnlyList<Snapshot>, IReadOnlyList<Snapshot>> choose, string purpose, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var place = OpenPlace();
        var marker = RequireMarker(place);
        using var held = await place.LockAsync(purpose, wait, cancellationToken);
        using var database = OpenDatabase(place, marker, new Remarks(), cancellationToken);
        return new Forgetting(place, database, _options.KeepDeleted).Run(choose, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Snapshot> Spare()
    {
        using var place = OpenPlace();
        using var database = OpenDatabase(place, RequireMarker(place), new Remarks(), _options.Interruption);
        var runs = database.Volumes().ToDictionary(v => v.Name.Number, v => v.Run);
        var spare = Removables.Of(database, _options.KeepDeleted).Select(v => runs[v.Number]).ToHashSet();
        return [.. database.Runs().Where(s => spare.Contains(s.Number))];
    }

    /// <inheritdoc/>
    public async Task<RecordRepairResult> RepairRecordAsync(string purpose, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var place = OpenPlace();
        var marker = RequireMarker(place);
        using var held = await place.LockAsync(purpose, wait, cancellationToken);
        using var database = VolumeDatabase.Open(DatabasePath(marker), marker.Id);
        var catchUp = new CatchUp(place, database, CodecUntil(cancellationToken), PlaceIdentity.IdsOf(place, marker));
        catchUp.RunAnew(cancellationToken);
        return new RecordRepairResult(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the database was made anew from {database.Volumes().Count(v => v.IsThere)} volumes"),
            catchUp.Remarks,
            [.. Missing.Of(database, Removables.GoneBefore(database, _options.KeepDeleted))]);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> VerifyAsync(VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken)
    {
        using var place = OpenPlace();
        var marker = RequireMarker(place);
        using var held = await place.LockAsync(options.Purpose, TimeSpan.Zero, cancellationToken);
        using var database = OpenDatabase(place, marker, new Remarks(), cancellationToken);
        return new VolumeVerification(place, database, CodecUntil(cancellationToken), options).Run(found, counters, cancellationToken);
    }

    /// <inheritdoc/>
    public void KeepReport(string name, ReadOnlySpan<byte> report)
    {
        using var place = OpenPlace();
        place.WriteNote($"reports/{name}.json", report);
    }

    /// <inheritdoc/>
    public PlaceMarker? TryReadMarker()
    {
        using var place = OpenPlace();
        return place.TryReadMarker();
    }

    private VolumeDatabase OpenDatabase(IVolumePlace place, PlaceMarker marker, Remarks remarks, CancellationToken cancellationToken)
    {
        var database = VolumeDatabase.Open(DatabasePath(marker), marker.Id);
        try
        {
            var catchUp = new CatchUp(place, database, CodecUntil(cancellationToken), PlaceIdentity.IdsOf(place, marker));
            catchUp.Run(cancellationToken);
            foreach (var remark in catchUp.Remarks)
                remarks.Add(remark.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private Codec.VolumeCodec CodecUntil(CancellationToken interruption) => _options.Codec with { Interruption = interruption };

    private string DatabasePath(PlaceMarker marker) => _options.Database switch
    {
        null => Path.Combine(_stateFolder, "volumes", marker.Id + ".db"),
        var folder when folder.EndsWith('/') => Path.Combine(folder, marker.Id + ".db"),
        var file => file,
    };

    private IVolumePlace OpenPlace()
    {
        try
        {
            return _opening.Open();
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.NoPlace, $"there is no place at '{_opening.Location}': {e.Message}.", "Is its disk mounted? A new place is made with 'holdfast init'.", e);
        }
    }

    private PlaceMarker RequireMarker(IVolumePlace place)
    {
        var marker = place.TryReadMarker() ?? throw new HoldfastException(ErrorKind.NoPlace, $"there are no volumes at '{_opening.Location}'.", "Volumes lie beside a folder '.holdfast' that holds place.json.");
        return marker.Layout == PlaceIdentity.Layout ? marker : throw PlaceIdentity.OtherLayout(marker, Name);
    }

    private bool IsAbsentOrEmpty()
    {
        try
        {
            using var place = _opening.Open();
            return place.FirstForeign() is null && place.TryReadMarker() is null;
        }
        catch (Exception e) when (e is FileSystemException { IsNotFound: true } or StoreException { Reason: StoreErrorKind.NoStore })
        {
            return true;
        }
    }

    private HoldfastException NoMarker(RunRequest request) => new(
        ErrorKind.NoPlace,
        $"'{_opening.Location}' is there but is no place of Holdfast (no .holdfast/place.json). Is the right disk mounted?",
        request.IsAdHoc ? "Name a new or empty folder." : $"To make it one, type: holdfast init {request.Job}");
}
