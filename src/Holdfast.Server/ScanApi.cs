using System.Text.Json;
using System.Threading.Channels;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Library.Scanning;
using Holdfast.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server;

/// <summary>Scans the library: with a report at the end, or with events on the way (https://html.spec.whatwg.org/multipage/server-sent-events.html).</summary>
internal sealed class ScanApi(LibraryFolder library, TimeSpan silence, TimeProvider time)
{
    private const int Waiting = 1000, MostNamed = 100;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);


    public async Task ReportAsync(HttpContext context)
    {
        var report = await Task.Run(() => library.Scan(OptionsOf(context), context.RequestAborted), context.RequestAborted);
        await LibraryApi.AnswerAsync(context, json => Put(json, report));
    }

    /// <summary>
    /// Events <c>found</c> and <c>progress</c>, and at the end <c>done</c> or <c>failed</c>; a comment whenever there is nothing to tell for
    /// some seconds. Whoever goes away ends the scan.
    /// </summary>
    public async Task EventsAsync(HttpContext context)
    {
        var (options, isQuiet) = (OptionsOf(context), context.Request.Query["quiet"] == "1");
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var events = Channel.CreateBounded<(string Name, byte[] Data)>(Waiting);
        var scan = Task.Run(() => Scan(options, isQuiet, events.Writer, gone.Token), CancellationToken.None);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            while (await MoreAsync(context, events.Reader))
                while (events.Reader.TryRead(out var found))
                    await SayAsync(context, [.. "event: "u8, .. System.Text.Encoding.UTF8.GetBytes(found.Name), .. "\ndata: "u8, .. found.Data, .. "\n\n"u8]);
        }
        finally
        {
            await gone.CancelAsync();
            await scan;
        }
    }

    private async Task<bool> MoreAsync(HttpContext context, ChannelReader<(string Name, byte[] Data)> events)
    {
        var more = events.WaitToReadAsync(context.RequestAborted).AsTask();
        while (true)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            var first = await Task.WhenAny(more, Task.Delay(silence, time, waiting.Token));
            await waiting.CancelAsync();
            if (first == more)
                return await more;
            await SayAsync(context, ":\n\n"u8.ToArray());
        }
    }

    private static async Task SayAsync(HttpContext context, byte[] text)
    {
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private void Scan(ScanOptions options, bool isQuiet, ChannelWriter<(string, byte[])> events, CancellationToken cancellationToken)
    {
        var last = time.GetTimestamp();
        try
        {
            var report = library.Scan(isQuiet ? options : options with { OnFound = Found, OnProgress = Progress }, cancellationToken);
            Send("done", json => Put(json, report));
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
        catch (Exception e) when (e is HoldfastException or FileSystemException)
        {
            Send("failed", json => json.WriteString("error", e.Message));
        }
        finally
        {
            events.Complete();
        }

        void Found(ScanFinding finding) => Send("found", json =>
        {
            json.WriteString("kind", finding.Kind.ToString().ToLowerInvariant());
            json.WriteString("path", Wire.Text(finding.Path));
            if (finding.Other is { } other)
                json.WriteString("other", Wire.Text(other));
        });

        void Progress(long files, long bytesHashed)
        {
            if (files > 1 && time.GetElapsedTime(last) < Step)
                return;
            last = time.GetTimestamp();
            Send("progress", json =>
            {
                json.WriteNumber("files", files);
                json.WriteNumber("bytes_hashed", bytesHashed);
            });
        }

        void Send(string name, Action<Utf8JsonWriter> members)
        {
            // A listener that is slow slows the scan down, and nothing is left out.
            while (!events.TryWrite((name, Wire.Write(members))))
                events.WaitToWriteAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
        }
    }

    private static ScanOptions OptionsOf(HttpContext context)
    {
        var all = context.Request.Query["allow_deletions"].ToString() == "1";
        if (all && Gate.TokenOf(context).Scope < Scope.Full)
            throw new BadHttpRequestException("allow_deletions needs a token of the scope 'full'", StatusCodes.Status403Forbidden);
        return new ScanOptions { AllowDeletions = all };
    }

    private static void Put(Utf8JsonWriter json, ScanReport report)
    {
        json.WriteNumber("files", report.Files);
        json.WriteNumber("new", report.New);
        json.WriteNumber("changed", report.Changed);
        json.WriteNumber("renamed", report.Renamed);
        json.WriteNumber("removed", report.Removed);
        json.WriteNumber("duplicates", report.Duplicates);
        json.WriteNumber("busy", report.Busy);
        json.WriteNumber("unreadable", report.Unreadable.Count);
        json.WriteStartArray("unknown");
        foreach (var (path, reason) in report.Unreadable.Take(MostNamed))
        {
            json.WriteStartObject();
            json.WriteString("path", Wire.Text(path));
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("seconds", report.Duration.TotalSeconds);
    }
}
