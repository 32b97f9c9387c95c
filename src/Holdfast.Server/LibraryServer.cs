using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Server.Access;
using Holdfast.Server.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Server;

/// <summary>A library over HTTP. It holds the library's lock while it runs.</summary>
public sealed class LibraryServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly UploadTable _uploads;
    private readonly TokenFile _tokens;

    private LibraryServer(WebApplication app, UploadTable uploads, TokenFile tokens)
    {
        _app = app;
        _uploads = uploads;
        _tokens = tokens;
    }

    /// <summary>Where it listens.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Starts to listen.</summary>
    /// <param name="path">The library's folder.</param>
    /// <param name="library">The library; stays the caller's.</param>
    /// <param name="listen">Address and port; port 0 is any that is free.</param>
    /// <param name="certificate">For HTTPS, or null.</param>
    /// <param name="allowPlain">True to speak plain HTTP on an address that others reach: a proxy in front encrypts.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="HoldfastException">Others could reach it without encryption, or the port is taken.</exception>
    public static async Task<LibraryServer> StartAsync(string path, LibraryFolder library, IPEndPoint listen, X509Certificate2? certificate, bool allowPlain, TimeProvider time)
    {
        if (certificate is null && !allowPlain && !IPAddress.IsLoopback(listen.Address))
            throw new HoldfastException(ErrorKind.Usage, $"on {listen} others could read the tokens on the way.", "Give a certificate with --cert, or, behind a proxy that encrypts, say --no-tls.");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // Files have any size; other bodies have limits of their own.
            kestrel.Listen(listen, endpoint =>
            {
                if (certificate is not null)
                    endpoint.UseHttps(certificate);
            });
        });
        var app = builder.Build();
        var tokens = new TokenFile(path);
        var uploads = new UploadTable(library, time);
        Map(app, library, uploads, new Gate(tokens, time), time);
        try
        {
            await app.StartAsync();
            return new LibraryServer(app, uploads, tokens);
        }
        catch (IOException e)
        {
            tokens.Dispose();
            await app.DisposeAsync();
            throw new HoldfastException(ErrorKind.Failed, $"cannot listen on {listen}: {e.Message}", "Choose another port with --listen.", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _uploads.DisposeAsync();
        _tokens.Dispose();
    }

    private static void Map(WebApplication app, LibraryFolder library, UploadTable uploads, Gate gate, TimeProvider time)
    {
        var api = new LibraryApi(library, uploads);
        var parts = new PartsApi(uploads);
        var simple = new SimpleApi(library, uploads, time);
        var listing = new ListingApi(library);
        app.UseRouting();
        app.MapGet("/health", (HttpContext context) => LibraryApi.AnswerAsync(context, json => json.WriteString("status", "ok")));
        Add("POST", "/upload", Scope.Append, simple.UploadAsync);
        Add("POST", "/" + Wire.Scan, Scope.Append, api.ScanAsync);
        Add("GET", "/" + Wire.Info, Scope.Read, api.InfoAsync);
        Add("POST", "/" + Wire.Missing, Scope.Read, api.MissingAsync);
        Add("GET", "/" + Wire.Names, Scope.Read, api.NamesAsync);
        Add("POST", "/" + Wire.Names, Scope.Append, api.KeepAsync);
        Add("POST", "/" + Wire.Uploads, Scope.Append, parts.CreateAsync);
        Add("HEAD", "/" + Wire.Uploads + "/{id}", Scope.Append, context => parts.HeadAsync(context, Id(context)));
        Add("PATCH", "/" + Wire.Uploads + "/{id}", Scope.Append, context => parts.PatchAsync(context, Id(context)));
        Add("DELETE", "/" + Wire.Uploads + "/{id}", Scope.Append, context => parts.DeleteAsync(context, Id(context)));
        Add("GET", "/" + Wire.Entries, Scope.Read, listing.EntriesAsync);
        Add("GET", "/" + Wire.Clients, Scope.Read, listing.ClientsAsync);
        Add("GET", "/" + Wire.Files, Scope.Read, listing.FileAsync);
        Add("HEAD", "/" + Wire.Files, Scope.Read, listing.FileAsync);
        Add("GET", "/" + Wire.Contents + "/{id}", Scope.Read, context => api.ContentAsync(context, Id(context)));
        Add("HEAD", "/" + Wire.Contents + "/{id}", Scope.Read, context => api.ContentAsync(context, Id(context)));

        void Add(string method, string route, Scope scope, Func<HttpContext, Task> handle) => app.MapMethods(route, [method], async context =>
        {
            if (gate.Refuse(context, scope) is { } refused)
            {
                context.Response.StatusCode = refused;
                if (refused == StatusCodes.Status401Unauthorized)
                    context.Response.Headers.WWWAuthenticate = "Bearer";
                return;
            }
            await HandleAsync(context, handle);
        });
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    /// <summary>Every error an answer: a status, and words.</summary>
    private static async Task HandleAsync(HttpContext context, Func<HttpContext, Task> handle)
    {
        try
        {
            await handle(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && StatusOf(e) is { } status)
        {
            context.Response.StatusCode = status;
            await LibraryApi.AnswerAsync(context, json => json.WriteString("error", e.Message));
        }
    }

    private static int? StatusOf(Exception e) => e switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        FileSystemException { IsNoSpace: true } => StatusCodes.Status507InsufficientStorage,
        FileSystemException => StatusCodes.Status500InternalServerError,
        HoldfastException => StatusCodes.Status409Conflict,
        JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException => StatusCodes.Status400BadRequest,
        _ => null,
    };
}
