using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Run;
using Holdfast.Library.Syncing;

namespace Holdfast.Library.Http;

/// <summary>A library behind a server, as something to back up to.</summary>
/// <param name="address">http:// or https://.</param>
/// <param name="token">Gives the token; asked when it is needed.</param>
/// <param name="time">The clock.</param>
public sealed class HttpLibraryTarget(string address, Func<string> token, TimeProvider time) : ISyncTarget, IVerify
{
    /// <summary>Bytes a second that are sent, by the clock; null for no limit.</summary>
    public RateTimetable? UploadLimit { get; init; }

    /// <summary>Bytes a second that are fetched; null for no limit.</summary>
    public RateTimetable? DownloadLimit { get; init; }

    /// <summary>The folder of the library that new files go to; the root for their own paths.</summary>
    public EntryPath Into { get; init; } = EntryPath.Root;

    /// <inheritdoc/>
    public string Name => $"library:{address}";

    /// <inheritdoc/>
    public PlaceMarker Init(RunRequest request, bool adopt = false, bool newId = false)
    {
        using var client = Client();
        var library = HttpLibrary.OpenAsync(client, CancellationToken.None).GetAwaiter().GetResult();
        RequireMeant(library.Id, request);
        return new PlaceMarker { Id = library.Id, Layout = LibraryLayout.Name, Client = request.Client, Job = request.Job, Sources = request.Sources, Created = request.Time };
    }

    /// <inheritdoc/>
    public async Task<IBackupRun> BeginAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var client = Client();
        try
        {
            var library = await HttpLibrary.OpenAsync(client, cancellationToken);
            RequireMeant(library.Id, request);
            if (!request.DryRun)
                await library.ScanAsync(cancellationToken);
            return new UploadRun(library, request, []) { Into = Into };
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ISyncedLibrary> OpenToSyncAsync(RunRequest request, SyncOptions options, CancellationToken cancellationToken)
    {
        var client = new LibraryClient(address, token(), time);
        try
        {
            var library = await HttpLibrary.OpenAsync(client, cancellationToken);
            RequireMeant(library.Id, request);
            if (!await library.TryScanAsync(options.AllowDeletions, cancellationToken))
            {
                // What was put there a moment ago may be half a copy, or a file that was moved.
                await Task.Delay(options.Rest, time, cancellationToken);
                await library.TryScanAsync(options.AllowDeletions, cancellationToken);
            }
            return library;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ISnapshots OpenSnapshots() => OpenSnapshots(null);

    /// <inheritdoc/>
    public ISnapshots OpenSnapshots(RunRequest? request) => Open(library =>
    {
        if (request is not null)
            RequireMeant(library.Id, request);
        return new HttpSnapshots(library, time.GetUtcNow());
    });

    /// <summary>What a client uploaded, under the names it had there.</summary>
    /// <exception cref="HoldfastException">The server does not answer, or the client uploaded nothing.</exception>
    public ISnapshots OpenUploaded(string client) => Open(library =>
    {
        var clients = library.ClientsAsync(CancellationToken.None).GetAwaiter().GetResult();
        return clients.TryGetValue(client, out var jobs)
            ? new HttpUploadedSnapshots(library, client, jobs, time.GetUtcNow())
            : throw new HoldfastException(
                ErrorKind.Usage,
                $"no client '{client}' uploaded anything to {Name}.",
                clients.Count == 0 ? "Nobody has uploaded anything yet." : $"Clients that did: {string.Join(", ", clients.Keys)}");
    });

    /// <summary>Has the server read back from its disk what a client's job brought, as far as it has not since it came.</summary>
    /// <returns>How many files were asked for, and which of them the server does not hold as they were sent.</returns>
    /// <exception cref="HoldfastException">The server does not answer.</exception>
    public async Task<(long Files, IReadOnlyList<EntryPath> Wrong)> VerifyAsync(string client, string job, CancellationToken cancellationToken)
    {
        using var connection = Client();
        await using var library = await HttpLibrary.OpenAsync(connection, cancellationToken);
        var (files, wrong) = (0L, new List<EntryPath>());
        EntryPath? last = null;
        while (await library.NamesAsync(client, job, last, cancellationToken) is { Count: > 0 } page)
        {
            last = page[^1].Path;
            foreach (var part in page.Where(e => e is { Type: EntryType.File, Size: > 0, Content: not null }).Chunk(Wire.MostVerified))
            {
                var bad = (await library.VerifyAsync([.. part.Select(e => e.Content!.Value).Distinct()], cancellationToken)).ToHashSet();
                wrong.AddRange(part.Where(e => bad.Contains(e.Content!.Value)).Select(e => e.Path));
                files += part.Length;
            }
        }
        return (files, wrong);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> VerifyAsync(VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken)
    {
        using var connection = Client();
        await using var library = await HttpLibrary.OpenAsync(connection, cancellationToken);
        await new HttpReadBack(library, Random.Shared).RunAsync(options, found, counters, cancellationToken);
        return [];
    }

    private LibraryClient Client() => new(address, token(), time)
    {
        Up = UploadLimit is { } up ? new Pace(up, time) : null,
        Down = DownloadLimit is { } down ? new Pace(down, time) : null,
    };

    private ISnapshots Open(Func<HttpLibrary, ISnapshots> snapshots)
    {
        var client = Client();
        try
        {
            return snapshots(HttpLibrary.OpenAsync(client, CancellationToken.None).GetAwaiter().GetResult());
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private void RequireMeant(string id, RunRequest request)
    {
        if (request.PlaceId is { } meant && meant != id)
            throw new HoldfastException(ErrorKind.NoPlace, $"{Name} is the place {id}, but the job '{request.Job}' belongs to {meant}.", "Correct the address, or 'place:' in the config.");
    }
}
