using System.Net;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Server.Access;
using Holdfast.Server.Dav;
using Holdfast.Server.Figures;
using Holdfast.Server.Restic;
using Holdfast.Server.Routing;
using Holdfast.Server.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Route = Holdfast.Server.Routing.Route;

namespace Holdfast.Server;

/// <summary>A library over HTTP. It holds the library's lock while it runs.</summary>
public sealed class LibraryServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly UploadTable _uploads;
    private readonly Quotas _quotas;
    private readonly NameOwners _owners;
    private readonly TokenFile _tokens;
    private readonly AuditLog _audit;
    private readonly Repositories _repositories;
    private readonly LibraryWatch? _watch;
    private readonly LibraryReadBack? _readBack;
    private readonly TimeSpan _patience;

    private LibraryServer(WebApplication app, UploadTable uploads, Quotas quotas, NameOwners owners, TokenFile tokens, AuditLog audit, Repositories repositories, LibraryWatch? watch, LibraryReadBack? readBack, TimeSpan patience)
    {
        _patience = patience;
        _watch = watch;
        _readBack = readBack;
        _audit = audit;
        _repositories = repositories;
        _app = app;
        _uploads = uploads;
        _quotas = quotas;
        _owners = owners;
        _tokens = tokens;
    }

    /// <summary>Where it listens.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Everything it answers to, as the framework sees it.</summary>
    internal IReadOnlyList<Endpoint> Endpoints => [.. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(s => s.Endpoints)];

    /// <summary>Bytes that are taken from the network at once, at most.</summary>
    internal int LargestBuffer => _app.Services.GetRequiredService<IMemoryPoolFactory<byte>>().Create().MaxBufferSize;

    /// <summary>Starts to listen.</summary>
    /// <param name="path">The library's folder.</param>
    /// <param name="library">The library; stays the caller's.</param>
    /// <param name="listen">Address and port; port 0 is any that is free.</param>
    /// <param name="options">How to serve it.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="HoldfastException">Others could reach it without encryption, or the port is taken.</exception>
    public static async Task<LibraryServer> StartAsync(string path, LibraryFolder library, IPEndPoint listen, ServerOptions options, TimeProvider time)
    {
        if (options.Certificate is null && !options.AllowPlain && !IPAddress.IsLoopback(listen.Address))
            throw new HoldfastException(ErrorKind.Usage, $"on {listen} others could read the tokens on the way.", "Give a certificate with --cert, or, behind a proxy that encrypts, say --no-tls.");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // Files have any size, or the one that was given; other bodies have limits of their own.
            kestrel.Limits.MinRequestBodyDataRate = options.SlowestUpload is { } rate ? new MinDataRate(rate, options.Grace) : null;
            kestrel.Listen(listen, endpoint =>
            {
                if (options.Certificate is { } certificate)
                    endpoint.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate.Own, certificate.Chain));
            });
        });
        // Behind Kestrel's own, for the last one counts.
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, NetworkBuffers>();
        var app = builder.Build();
        var tokens = new TokenFile(path);
        var quotas = new Quotas(path, library, time);
        var owners = new NameOwners(path, tokens);
        var uploads = new UploadTable(library, quotas, time);
        var repositories = new Repositories(options.Repositories ?? path.TrimEnd('/') + ".restic");
        var audit = new AuditLog(path, time);
        var counts = new RequestCounts();
        app.Use((context, next) => ErrorWords.AddAsync(context, next, options.OnProblem));
        app.UseRouting();
        new Router(new Gate(tokens, time), audit, counts).Map(app, Routes(library, uploads, owners, repositories, counts, new FileLinks(tokens, time), path, options, time));
        try
        {
            await app.StartAsync();
            var watch = options.Watch is { } times ? new LibraryWatch(path, library, times, options.OnProblem, time) : null;
            return new LibraryServer(app, uploads, quotas, owners, tokens, audit, repositories, watch, options.ReadsBack ? new LibraryReadBack(library, () => uploads.IsBusy, options.OnProblem, time) : null, options.Patience);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await uploads.DisposeAsync();
            quotas.Dispose();
            owners.Dispose();
            tokens.Dispose();
            audit.Dispose();
            await repositories.DisposeAsync();
            await app.DisposeAsync();
            throw new HoldfastException(ErrorKind.Failed, $"cannot listen on {listen}: {e.Message}", "Choose another address or port with --listen.", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
            await _watch.DisposeAsync();
        if (_readBack is not null)
            await _readBack.DisposeAsync();
        using (var patience = new CancellationTokenSource(_patience))
            await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        await _uploads.DisposeAsync();
        _quotas.Dispose();
        _owners.Dispose();
        await _repositories.DisposeAsync();
        _audit.Dispose();
        _tokens.Dispose();
    }

    private static SharedSnapshots Uploaded(string path, LibraryFolder library, TimeProvider time) =>
        new(() => [.. library.Clients().Select(c => c.Client)], client => new LibraryTarget(path, LocalFolders.Open, time).OpenUploaded(client));

    private static List<Route> Routes(LibraryFolder library, UploadTable uploads, NameOwners owners, Repositories repositories, RequestCounts counts, FileLinks links, string path, ServerOptions options, TimeProvider time)
    {
        var fresh = new FreshPuts(time);
        library.OnKept = fresh.Note;
        var api = new LibraryApi(library, uploads, fresh, owners);
        var receiving = new Receiving(library, uploads, options.LargestFile, time);
        var listing = new ListingApi(library);
        List<Route> routes =
        [
            .. RouteTable.Open(),
            .. RouteTable.Uploading(new SimpleApi(library, receiving), new PartsApi(uploads, receiving, options.LargestFile), api, new VerifyApi(library)),
            .. RouteTable.Reading(api, listing, new FiguresApi(library, uploads, counts, options.Jobs)),
            .. RouteTable.Linking(new LinkApi(links, listing)),
            .. RouteTable.Tending(new ScanApi(library, options.LongestSilence, time), new SortingApi(library)),
            .. RouteTable.Syncing(new SyncApi(library, uploads), new RecordApi(library)),
            .. RouteTable.Shares(new LibraryDav(library, listing), new InboxDav(library, receiving, fresh, time), new InboxChanges(library, fresh), new SnapshotsDav(options.Snapshots ?? Uploaded(path, library, time))),
            .. RouteTable.Repositories(new ResticApi(repositories)),
        ];
        byte[]? document = null;
        routes.Add(new Route("GET", "/openapi/v1.json", Scope.Read, "this document", context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync(document ??= OpenApi.Write(routes), context.RequestAborted).AsTask();
        }));
        return routes;
    }
}
