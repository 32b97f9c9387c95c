using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Index;
using Holdfast.Library.Reading;
using Holdfast.Library.Run;
using Holdfast.Library.Scanning;
using Holdfast.Library.Syncing;
using Holdfast.Library.Verifying;

namespace Holdfast.Library;

/// <summary>A library in a folder, as something to back up to (<c>mode: upload</c>) and to read.</summary>
/// <param name="path">The place's folder.</param>
/// <param name="open">Opens folders; another one than <see cref="LocalFolders.Open"/> only in tests.</param>
/// <param name="time">The clock.</param>
public sealed class LibraryTarget(string path, Func<string, IFolder> open, TimeProvider time) : ISyncTarget, IVerify
{
    /// <summary>A file in the library that was written to less than this ago may be half a copy.</summary>
    public TimeSpan Rest { get; init; } = new ScanOptions().Rest;

    /// <inheritdoc/>
    public string Name => $"library:{path}";

    /// <inheritdoc/>
    public PlaceMarker Init(RunRequest request, bool adopt = false, bool newId = false) => LibraryPlace.Init(path, open, request, adopt, newId);

    /// <inheritdoc/>
    public async Task<IBackupRun> BeginAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var isNew = request.IsAdHoc && LibraryPlace.IsAbsentOrEmpty(path, open);
        if (request.DryRun)
            return new UploadRun(isNew ? new LibraryView(Name, "", place: null, LibraryIndex.InMemory()) : View(request), request, []);
        if (isNew)
            Init(request);
        var library = await LibraryFolder.OpenAsync(path, open, time, $"{request.Client} {request.Job}", request.WaitForLock, cancellationToken);
        try
        {
            RequireMeant(library.Id, request);
            // People sort by hand: what they moved must be found where it lies now.
            return new UploadRun(library, request, RemarksOf(await ScanAsync(library, new ScanOptions { Rest = Rest }, cancellationToken)));
        }
        catch
        {
            await library.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ISyncedLibrary> OpenToSyncAsync(RunRequest request, SyncOptions options, CancellationToken cancellationToken)
    {
        if (!request.DryRun && request.IsAdHoc && LibraryPlace.IsAbsentOrEmpty(path, open))
            Init(request);
        var library = await LibraryFolder.OpenAsync(path, open, time, $"{request.Client} {request.Job}", request.WaitForLock, cancellationToken);
        try
        {
            RequireMeant(library.Id, request);
            await ScanAsync(library, new ScanOptions { Rest = Rest, MaxDelete = options.MaxDelete, AllowDeletions = options.AllowDeletions }, cancellationToken);
            return library;
        }
        catch
        {
            await library.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ISnapshots OpenSnapshots() => OpenSnapshots(null);

    /// <inheritdoc/>
    public ISnapshots OpenSnapshots(RunRequest? request)
    {
        var (place, marker) = LibraryPlace.Open(path, open);
        try
        {
            if (request is not null)
                RequireMeant(marker.Id, request);
        }
        catch
        {
            place.Dispose();
            throw;
        }
        return new LibrarySnapshots(Name, place, marker, LibraryIndex.OpenForReading(path), time);
    }

    /// <summary>What a client uploaded, under the names it had there.</summary>
    /// <exception cref="HoldfastException">There is no library, or the client uploaded nothing.</exception>
    public ISnapshots OpenUploaded(string client)
    {
        var (place, _) = LibraryPlace.Open(path, open);
        var files = LibraryIndex.OpenForReading(path);
        try
        {
            return new UploadedSnapshots(Name, place, files, client, time);
        }
        catch
        {
            files.Dispose();
            place.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> VerifyAsync(VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken)
    {
        await using var library = await LibraryFolder.OpenAsync(path, open, time, options.Purpose, TimeSpan.Zero, cancellationToken);
        await new LibraryVerification(library, time).RunAsync(options, found, counters, cancellationToken);
        return [];
    }

    private async Task<ScanReport> ScanAsync(LibraryFolder library, ScanOptions options, CancellationToken cancellationToken)
    {
        var scan = library.Scan(options, cancellationToken);
        if (scan.Busy == 0)
            return scan;
        // What was put there a moment ago may be what this run brings.
        await Task.Delay(options.Rest, time, cancellationToken);
        return library.Scan(options, cancellationToken);
    }

    private LibraryView View(RunRequest request)
    {
        var (place, marker) = LibraryPlace.Open(path, open);
        RequireMeant(marker.Id, request);
        return new LibraryView(Name, marker.Id, place, LibraryIndex.OpenForReading(path));
    }

    private void RequireMeant(string id, RunRequest request)
    {
        if (request.PlaceId is { } meant && meant != id)
            throw new HoldfastException(
                ErrorKind.NoPlace,
                $"{Name} is the place {id}, but the job '{request.Job}' belongs to {meant}. Is another disk mounted here?",
                "Mount the right disk, or correct 'place:' in the config.");
    }

    private static List<string> RemarksOf(ScanReport scan)
    {
        var remarks = new List<string>();
        if (scan.Renamed + scan.Removed + scan.New + scan.Changed > 0)
            remarks.Add($"people had changed the library: {scan.New:N0} new, {scan.Changed:N0} changed, {scan.Renamed:N0} renamed, {scan.Removed:N0} removed");
        if (scan.Busy > 0)
            remarks.Add($"{scan.Busy:N0} files of the library are being written to just now; what they hold may be stored a second time");
        if (scan.Unreadable.Count > 0)
            remarks.Add($"{scan.Unreadable.Count:N0} paths of the library could not be read (the first: {scan.Unreadable[0].Path}: {scan.Unreadable[0].Reason})");
        return remarks;
    }
}
