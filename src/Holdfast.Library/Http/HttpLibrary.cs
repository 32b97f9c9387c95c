using System.Globalization;
using System.Net;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Http;

/// <summary>A library behind a server.</summary>
internal sealed class HttpLibrary : ILibrary
{
    private readonly LibraryClient _client;

    private HttpLibrary(LibraryClient client, string id, long timeResolution)
    {
        _client = client;
        Id = id;
        TimeResolution = timeResolution;
    }

    public string Name => $"library:{_client.Address}";

    public string Id { get; }

    public long TimeResolution { get; }

    /// <summary>Says hello to the server.</summary>
    /// <exception cref="HoldfastException">It does not answer, or not to this token.</exception>
    public static async Task<HttpLibrary> OpenAsync(LibraryClient client, CancellationToken cancellationToken)
    {
        using var info = await client.AskAsync(HttpMethod.Get, Wire.Info, body: null, cancellationToken);
        return new HttpLibrary(client, info.RootElement.GetProperty("id").GetString()!, info.RootElement.GetProperty("time_resolution").GetInt64());
    }

    /// <summary>Asks the server to look what people did to the files.</summary>
    public async Task ScanAsync(CancellationToken cancellationToken)
    {
        using var report = await _client.AskAsync(HttpMethod.Post, Wire.Scan, [], cancellationToken);
    }

    public async Task<IReadOnlyList<Presence>> AskAsync(IReadOnlyList<ContentId> contents, CancellationToken cancellationToken)
    {
        var answers = new List<Presence>(contents.Count);
        foreach (var page in contents.Chunk(Wire.MostHashes))
        {
            var body = Wire.Write(json =>
            {
                json.WriteStartArray("hashes");
                foreach (var content in page)
                    json.WriteStringValue(content.ToString());
                json.WriteEndArray();
            });
            using var answer = await _client.AskAsync(HttpMethod.Post, Wire.Missing, body, cancellationToken);
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
            path += $"&after={Uri.EscapeDataString(last.IsRoot ? "." : PathText.Encode(last.Bytes))}";
        using var answer = await _client.AskAsync(HttpMethod.Get, path, body: null, cancellationToken);
        return [.. answer.RootElement.GetProperty("names").EnumerateArray().Select(Wire.EntryOf)];
    }

    public async Task<IStagedContent> ReceiveAsync(Entry entry, CancellationToken cancellationToken)
    {
        using var answer = await _client.SendAsync(Create, cancellationToken);
        return new HttpStagedContent(_client, answer.Headers.Location!.ToString().TrimStart('/'));

        static HttpRequestMessage Create()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, Wire.Uploads);
            request.Headers.Add("Tus-Resumable", "1.0.0");
            // The file may still grow or shrink while it is read.
            request.Headers.Add("Upload-Defer-Length", "1");
            return request;
        }
    }

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
                k.TryGetProperty("path", out var path) ? EntryPath.From(PathText.Decode(System.Text.Encoding.UTF8.GetBytes(path.GetString()!))) : null)));
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

    private static void Put(System.Text.Json.Utf8JsonWriter json, Arrival arrival)
    {
        json.WriteStartObject();
        json.WriteString("client", arrival.Client);
        json.WriteString("job", arrival.Job);
        if (arrival.IsRefresh)
            json.WriteBoolean("refresh", true);
        if (arrival.Staged is HttpStagedContent staged)
            json.WriteString("upload", staged.Id);
        json.WritePropertyName("entry");
        Wire.Put(json, arrival.Entry);
        json.WriteEndObject();
    }
}
