using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Run;

namespace Holdfast.Library.Http;

/// <summary>A library behind a server, as something to back up to.</summary>
/// <param name="address">http:// or https://.</param>
/// <param name="token">Gives the token; asked when it is needed.</param>
/// <param name="time">The clock.</param>
public sealed class HttpLibraryTarget(string address, Func<string> token, TimeProvider time) : IPlaceTarget, IVerify
{
    /// <summary>The folder of the library that new files go to; the root for their own paths.</summary>
    public EntryPath Into { get; init; } = EntryPath.Root;

    /// <inheritdoc/>
    public string Name => $"library:{address}";

    /// <inheritdoc/>
    public PlaceMarker Init(RunRequest request, bool adopt = false, bool newId = false)
    {
        using var client = new LibraryClient(address, token(), time);
        var library = HttpLibrary.OpenAsync(client, CancellationToken.None).GetAwaiter().GetResult();
        RequireMeant(library.Id, request);
        return new PlaceMarker { Id = library.Id, Layout = LibraryLayout.Name, Client = request.Client, Job = request.Job, Sources = request.Sources, Created = request.Time };
    }

    /// <inheritdoc/>
    public async Task<IBackupRun> BeginAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var client = new LibraryClient(address, token(), time);
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
        using var connection = new LibraryClient(address, token(), time);
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
    /// <remarks>The server reads and keeps the dates; all of it, in path order, because only the server knows them.</remarks>
    public async Task<IReadOnlyList<string>> VerifyAsync(VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken)
    {
        if (options.Share < 1)
            throw new HoldfastException(ErrorKind.Usage, $"{Name} is read back as a whole.", "Take --read-data without a share, or run 'holdfast check library:PATH' on the server while it does not run.");
        using var connection = new LibraryClient(address, token(), time);
        await using var library = await HttpLibrary.OpenAsync(connection, cancellationToken);
        var started = options.Time.GetTimestamp();
        EntryPath? last = null;
        do
        {
            (var page, last) = await library.FilesAsync(EntryPath.Root, last, cancellationToken);
            foreach (var part in page.Where(e => e is { Size: > 0, Content: not null }).Chunk(Wire.MostHashesAtLeisure))
            {
                if (options.MaxTime is { } most && options.Time.GetElapsedTime(started) >= most)
                    return [];
                await VerifyAsync(library, part, found, counters, cancellationToken);
            }
        }
        while (last is not null);
        return [];
    }

    private static async Task VerifyAsync(HttpLibrary library, Entry[] files, Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken)
    {
        counters.Begin(files[0].Path);
        counters.Files += files.Length;
        var wrong = (await library.VerifyAsync([.. files.Select(f => f.Content!.Value).Distinct()], cancellationToken, again: true)).ToHashSet();
        foreach (var file in files)
        {
            counters.Read(file.Size);
            counters.Done();
            if (!wrong.Contains(file.Content!.Value))
                continue;
            counters.Find();
            found(new CheckFinding(file.Path.ToString(), "the server cannot read its bytes back as they were stored", "Restore it from another copy, or upload it again: 'holdfast find' looks for one."));
        }
    }

    private ISnapshots Open(Func<HttpLibrary, ISnapshots> snapshots)
    {
        var client = new LibraryClient(address, token(), time);
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
