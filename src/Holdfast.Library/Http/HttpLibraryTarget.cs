using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Run;

namespace Holdfast.Library.Http;

/// <summary>A library behind a server, as something to back up to.</summary>
/// <param name="address">http:// or https://.</param>
/// <param name="token">Gives the token; asked when it is needed.</param>
/// <param name="time">The clock.</param>
public sealed class HttpLibraryTarget(string address, Func<string> token, TimeProvider time) : IPlaceTarget
{
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
            return new UploadRun(library, request, []);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ISnapshots OpenSnapshots() => throw new HoldfastException(
        ErrorKind.Usage,
        $"the files of {Name} cannot be listed from here yet.",
        "Read the library's folder on the server: it holds plain files.");

    private void RequireMeant(string id, RunRequest request)
    {
        if (request.PlaceId is { } meant && meant != id)
            throw new HoldfastException(ErrorKind.NoPlace, $"{Name} is the place {id}, but the job '{request.Job}' belongs to {meant}.", "Correct the address, or 'place:' in the config.");
    }
}
