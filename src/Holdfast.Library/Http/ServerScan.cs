using System.Text.Json;
using Holdfast.Core.Model;

namespace Holdfast.Library.Http;

/// <summary>
/// Has a server look what people did to the files, and waits for it. The first scan of a large library takes hours; the server says
/// all the time that it is still at it (server-sent events), so only one that is silent counts as gone.
/// </summary>
internal sealed class ServerScan(LibraryClient client)
{
    private const int Attempts = 5;
    private const string Event = "event: ", Data = "data: ";

    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    /// <summary>Does it, and gives the report.</summary>
    /// <exception cref="HoldfastException">The deletion brake; or the server does not answer.</exception>
    public async Task<JsonDocument> RunAsync(bool allowDeletions, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await client.SendAsync(() => new HttpRequestMessage(HttpMethod.Post, $"{Wire.ScanEvents}?quiet=1{(allowDeletions ? "&allow_deletions=1" : "")}"), cancellationToken);
            try
            {
                return await EndAsync(answer, cancellationToken);
            }
            catch (Exception e) when (LibraryClient.IsTransient(e, cancellationToken))
            {
                // What it found so far it keeps.
                if (attempt == Attempts)
                    throw new HoldfastException(ErrorKind.Failed, $"{client.Address} began to look through its files and went away: {e.Message}", "Is it still running? Run again: it goes on where it was.", e);
            }
            await client.PauseAsync(attempt, cancellationToken);
        }
    }

    private async Task<JsonDocument> EndAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var lines = new StreamReader(stream);
        var name = "";
        while (true)
        {
            patience.CancelAfter(LongestSilence);
            var line = await lines.ReadLineAsync(patience.Token) ?? throw new IOException("the connection ended");
            if (line.StartsWith(Event, StringComparison.Ordinal))
                name = line[Event.Length..];
            else if (line.StartsWith(Data, StringComparison.Ordinal) && name is ("done" or "failed"))
                return ReportOf(name, line[Data.Length..]);
        }
    }

    private JsonDocument ReportOf(string name, string data)
    {
        var report = JsonDocument.Parse(data);
        if (name == "done")
            return report;
        using (report)
            throw new HoldfastException(ErrorKind.Failed, $"{client.Address} answered: {report.RootElement.GetProperty("error").GetString()}");
    }
}
