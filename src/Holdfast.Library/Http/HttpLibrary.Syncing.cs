using System.Net;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Syncing;

namespace Holdfast.Library.Http;

/// <summary>What a sync does to a library behind a server.</summary>
internal sealed partial class HttpLibrary
{
    /// <summary>Asks the server to look what people did to the files; false when somebody writes to one just now.</summary>
    public async Task<bool> TryScanAsync(bool allowDeletions, CancellationToken cancellationToken)
    {
        using var report = await new ServerScan(_client).RunAsync(allowDeletions, cancellationToken);
        return report.RootElement.GetProperty("busy").GetInt64() == 0;
    }

    public Task<(IReadOnlyList<Entry> Entries, EntryPath? Last)> PageAsync(EntryPath? after, CancellationToken cancellationToken) =>
        FilesAsync(EntryPath.Root, after, cancellationToken, withUnknown: true);

    public async Task<IReadOnlyList<StepOutcome>> ChangeAsync(IReadOnlyList<SyncStep> steps, CancellationToken cancellationToken)
    {
        var outcomes = new List<StepOutcome>(steps.Count);
        foreach (var page in steps.Chunk(SyncWire.MostSteps))
        {
            // Harmless when it arrives twice: a step that is done already is done.
            using var answer = await _client.AskAsync(HttpMethod.Post, SyncWire.Changes, SyncWire.Write(page), cancellationToken);
            outcomes.AddRange(answer.RootElement.GetProperty("outcomes").EnumerateArray().Select(o => SyncWire.OutcomeOf(o.GetString())));
        }
        return outcomes;
    }

    public async Task<string?> MarkAsync(string folder, CancellationToken cancellationToken)
    {
        using var answer = await _client.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"{SyncWire.Marks}/{folder}"), cancellationToken, HttpStatusCode.NotFound);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : (await answer.Content.ReadAsStringAsync(cancellationToken)).Trim();
    }

    public async Task SealAsync(string folder, string mark, CancellationToken cancellationToken)
    {
        using var answer = await _client.AskAsync(HttpMethod.Put, $"{SyncWire.Marks}/{folder}", Wire.Write(json => json.WriteString("mark", mark)), cancellationToken);
    }

    public async Task<IFileReader?> OpenRecordAsync(RecordFile file, CancellationToken cancellationToken)
    {
        var path = $"{SyncWire.Record}/{SyncWire.Word(file)}";
        using var answer = await _client.SendAsync(() => new HttpRequestMessage(HttpMethod.Head, path), cancellationToken, HttpStatusCode.NotFound);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : new HttpFileReader(_client, path, answer.Content.Headers.ContentLength ?? 0);
    }

    public async Task ReplaceRecordAsync(RecordFile file, IFileReader? from, CancellationToken cancellationToken)
    {
        using var answer = await _client.SendAsync(Request, cancellationToken);

        HttpRequestMessage Request() => new(HttpMethod.Put, $"{SyncWire.Record}/{SyncWire.Word(file)}")
        {
            Content = from is null ? new ByteArrayContent([]) : new StreamContent(new FileReadStream(from)),
        };
    }
}
