using System.Globalization;
using System.Net;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Http;

/// <summary>A library behind a server.</summary>
internal sealed partial class HttpLibrary : Syncing.ISyncedLibrary
{
    private readonly LibraryClient _client;

    private HttpLibrary(LibraryClient client, string id, long timeResolution, string? machine)
    {
        _client = client;
        Id = id;
        TimeResolution = timeResolution;
        IsOfThisMachine = machine is { Length: > 0 } && machine == ThisMachine.Id;
    }

    public string Name => $"library:{_client.Address}";

    public string Id { get; }

    public long TimeResolution { get; }

    /// <summary>True when the server runs on this machine, so that its disks are this machine's.</summary>
    public bool IsOfThisMachine { get; }

    /// <summary>Where the server holds contents; those that it lacks are not in the answer.</summary>
    public async Task<IReadOnlyList<HeldFile>> WhereAsync(IEnumerable<ContentId> contents, CancellationToken cancellationToken)
    {
        var held = new List<HeldFile>();
        foreach (var page in contents.Chunk(Wire.MostHashes))
        {
            using var answer = await _client.AskAsync(HttpMethod.Post, Wire.Missing, Question(page, where: true), cancellationToken);
            held.AddRange(answer.RootElement.GetProperty("held").EnumerateArray().Select(Wire.HeldOf));
        }
        return held;
    }

    /// <summary>A page of files at or below a path; <c>Last</c> is where the next one begins, null at the end.</summary>
    public async Task<(IReadOnlyList<Entry> Entries, EntryPath? Last)> FilesAsync(EntryPath under, EntryPath? after, CancellationToken cancellationToken, bool withUnknown = false)
    {
        var path = $"{Wire.Entries}?under={Uri.EscapeDataString(Wire.Text(under))}";
        if (after is { } last)
            path += $"&after={Uri.EscapeDataString(Wire.Text(last))}";
        if (withUnknown)
            path += "&unknown=1";
        using var answer = await _client.AskAsync(HttpMethod.Get, path, body: null, cancellationToken);
        return (
            [.. answer.RootElement.GetProperty("entries").EnumerateArray().Select(Wire.EntryOf)],
            answer.RootElement.TryGetProperty("after", out var next) ? Wire.PathOf(next.GetString()!) : null);
    }

    /// <summary>Who uploaded anything, in which jobs.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ClientsAsync(CancellationToken cancellationToken)
    {
        using var answer = await _client.AskAsync(HttpMethod.Get, Wire.Clients, body: null, cancellationToken);
        return answer.RootElement.GetProperty("clients").EnumerateArray().ToDictionary(
            c => c.GetProperty("client").GetString()!,
            c => (IReadOnlyList<string>)[.. c.GetProperty("jobs").EnumerateArray().Select(j => j.GetString()!)]);
    }

    /// <summary>Opens a file by its path.</summary>
    public IFileReader OpenAt(Entry file) => new HttpFileReader(_client, $"{Wire.Files}?path={Uri.EscapeDataString(Wire.Text(file.Path))}", file.Size);

    /// <summary>Opens a content so that the server reads it from its disk, not from memory.</summary>
    public IFileReader OpenFresh(ContentId content, long size) => new HttpFileReader(_client, $"{Wire.Contents}/{content}?fresh=1", size);

    /// <summary>Says hello to the server.</summary>
    /// <exception cref="HoldfastException">It does not answer, or not to this token.</exception>
    public static async Task<HttpLibrary> OpenAsync(LibraryClient client, CancellationToken cancellationToken)
    {
        using var info = await client.AskAsync(HttpMethod.Get, Wire.Info, body: null, cancellationToken);
        return new HttpLibrary(client, info.RootElement.GetProperty("id").GetString()!, info.RootElement.GetProperty("time_resolution").GetInt64(), info.RootElement.TryGetProperty("machine", out var machine) ? machine.GetString() : null);
    }

    /// <summary>Has the server read contents back from its disk, as far as it has not since they came, or again whatever it did.</summary>
    /// <returns>Those it does not hold as they were sent: missing, or damaged.</returns>
    public async Task<IReadOnlyList<ContentId>> VerifyAsync(IReadOnlyList<ContentId> contents, CancellationToken cancellationToken, bool again = false)
    {
        using var answer = await _client.AskAsync(HttpMethod.Post, Wire.Verify, Question(contents, where: false, again), cancellationToken);
        var right = answer.RootElement.GetProperty("verified").EnumerateArray().Select(h => ContentId.Parse(h.GetString())).ToHashSet();
        return [.. contents.Where(c => !right.Contains(c))];
    }

    /// <summary>Asks the server to look what people did to the files.</summary>
    public async Task ScanAsync(CancellationToken cancellationToken)
    {
        using var report = await new ServerScan(_client).RunAsync(allowDeletions: false, cancellationToken);
    }

    public async Task<IReadOnlyList<Presence>> AskAsync(IReadOnlyList<ContentId> contents, CancellationToken cancellationToken)
    {
        var answers = new List<Presence>(contents.Count);
        foreach (var page in contents.Chunk(Wire.MostHashes))
        {
            using var answer = await _client.AskAsync(HttpMethod.Post, Wire.Missing, Question(page, where: false), cancellationToken);
            var missing = answer.RootElement.GetProperty("missing").EnumerateArray().Select(h => ContentId.Parse(h.GetString())).ToHashSet();
            var deleted = answer.RootElement.GetProperty("deleted").EnumerateArray().Select(h => ContentId.Parse(h.GetString())).ToHashSet();
            answers.AddRange(page.Select(c => missing.Contains(c) ? Presence.Missing : deleted.Contains(c) ? Presence.Deleted : new Presence(PresenceKind.Held, null)));
        }
        return answers;
    }

    // Reading a file twice costs less than sending it once.
    public bool MayHoldSize(long size) => true;

    public async Task<IReadOnlyList<Entry>> NamesAsync(string client, string job, EntryPath? after, CancellationToken cancellationToken)
    {
        var path = $"{Wire.Names}?client={Uri.EscapeDataString(client)}&job={Uri.EscapeDataString(job)}";
        if (after is { } last)
            path += $"&after={Uri.EscapeDataString(Wire.Text(last))}";
        using var answer = await _client.AskAsync(HttpMethod.Get, path, body: null, cancellationToken);
        return [.. answer.RootElement.GetProperty("names").EnumerateArray().Select(Wire.EntryOf)];
    }

    public bool IsFar => true;

    public Task<IStagedContent> ReceiveAsync(Entry entry, CancellationToken cancellationToken) => Task.FromResult<IStagedContent>(new HttpStagedContent(_client, entry));

    public async Task<IReadOnlyList<Kept>> KeepAsync(IReadOnlyList<Arrival> group, CancellationToken cancellationToken)
    {
        var kept = new List<Kept>(group.Count);
        foreach (var page in group.Chunk(1000))
        {
            var body = Wire.Write(json =>
            {
                json.WriteStartArray("arrivals");
                foreach (var arrival in page)
                    Put(json, arrival);
                json.WriteEndArray();
            });
            using var answer = await _client.AskAsync(HttpMethod.Post, Wire.Names, body, cancellationToken);
            kept.AddRange(answer.RootElement.GetProperty("kept").EnumerateArray().Select(k => new Kept(
                Wire.Outcome(k.GetProperty("outcome").GetString()),
                k.TryGetProperty("path", out var path) ? Wire.PathOf(path.GetString()!) : null)));
        }
        return kept;
    }

    public async Task<IFileReader?> OpenAsync(ContentId content, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{Wire.Contents}/{content}");
        using var answer = await _client.SendAsync(() => new HttpRequestMessage(HttpMethod.Head, path), cancellationToken, HttpStatusCode.NotFound);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : new HttpFileReader(_client, path, answer.Content.Headers.ContentLength ?? 0);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Question(IReadOnlyList<ContentId> contents, bool where, bool again = false) => Wire.Write(json =>
    {
        json.WriteBoolean("where", where);
        json.WriteBoolean("again", again);
        json.WriteStartArray("hashes");
        foreach (var content in contents)
            json.WriteStringValue(content.ToString());
        json.WriteEndArray();
    });

    private static void Put(System.Text.Json.Utf8JsonWriter json, Arrival arrival)
    {
        json.WriteStartObject();
        json.WriteString("client", arrival.Client);
        json.WriteString("job", arrival.Job);
        if (arrival.Wanted is { } wanted)
            json.WriteString("wanted", Wire.Text(wanted));
        if (arrival.IsRefresh)
            json.WriteBoolean("refresh", true);
        if (arrival.Staged is HttpStagedContent staged)
            json.WriteString("upload", staged.Id);
        json.WritePropertyName("entry");
        Wire.Put(json, arrival.Entry);
        json.WriteEndObject();
    }
}
