using System.Globalization;
using System.Text;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Server.Uploads;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Figures;

/// <summary>Counts: for people in JSON, and for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).</summary>
internal sealed class FiguresApi(LibraryFolder library, UploadTable uploads, RequestCounts requests, JobFigures? jobs)
{
    public Task StatisticsAsync(HttpContext context)
    {
        var counts = library.Statistics();
        return LibraryApi.AnswerAsync(context, json =>
        {
            json.WriteNumber("files", counts.Files);
            json.WriteNumber("bytes", counts.Bytes);
            json.WriteNumber("contents", counts.Contents);
            json.WriteNumber("content_bytes", counts.ContentBytes);
            json.WriteNumber("names", counts.Names);
            json.WriteNumber("deleted", counts.Deleted);
        });
    }

    /// <summary>How the jobs stand that run beside the server.</summary>
    public async Task JobsAsync(HttpContext context)
    {
        if (await OfJobsAsync(context, jobs is null ? () => "{\"jobs\":[]}"u8.ToArray() : jobs.Json) is not { } answer)
            return;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    public async Task MetricsAsync(HttpContext context)
    {
        var counts = library.Statistics();
        var text = new StringBuilder();
        Put("holdfast_library_files", "gauge", "Files in the library.", counts.Files);
        Put("holdfast_library_bytes", "gauge", "Their bytes.", counts.Bytes);
        Put("holdfast_library_contents", "gauge", "Different contents among them.", counts.Contents);
        Put("holdfast_library_deleted", "gauge", "Contents that were deleted for good.", counts.Deleted);
        Put("holdfast_uploads_open", "gauge", "Uploads that are under way.", uploads.Count);
        Head("holdfast_http_requests_total", "counter", "Requests that were answered.");
        foreach (var ((method, status), count) in requests.All)
            text.Append(CultureInfo.InvariantCulture, $"holdfast_http_requests_total{{method=\"{method}\",status=\"{status}\"}} {count}\n");
        if (await OfJobsAsync(context, () => jobs?.Metrics() ?? "") is not { } further)
            return;
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text.Append(further).ToString()), context.RequestAborted);

        void Put(string name, string type, string help, long value)
        {
            Head(name, type, help);
            text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
        }

        void Head(string name, string type, string help) => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
    }

    /// <summary>Null, and an answer that says so, when it cannot be known just now.</summary>
    private static async Task<T?> OfJobsAsync<T>(HttpContext context, Func<T> ask)
        where T : class
    {
        try
        {
            return ask();
        }
        catch (HoldfastException e)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(e.Message + "\n", context.RequestAborted);
            return null;
        }
    }
}
