using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Holdfast.Server.Access;
using Holdfast.Server.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Route = Holdfast.Server.Routing.Route;

namespace Holdfast.Server.Tests;

/// <summary>Every endpoint that the running server has, asked by everybody: one that is added tomorrow is asked, too.</summary>
public sealed class GateTests : IDisposable
{
    private readonly List<HttpClient> _clients = [];
    private int _address = 1;

    public void Dispose() => _clients.ForEach(c => c.Dispose());

    [Fact]
    public async Task NoEndpointAnswersWithoutATokenOfItsScope()
    {
        await using var running = await Running.StartAsync();
        var tokens = Enum.GetValues<Scope>().ToDictionary(s => s, s => running.Token(s.ToString(), s));
        var expired = running.Token("expired", Scope.Full, TimeProvider.System.GetUtcNow().AddSeconds(-1));
        var asked = 0;
        foreach (var (method, path, route) in Endpoints(running))
        {
            if (route.Needs is not { } needed)
                continue;
            (await AskAsync(running, method, path, null)).ShouldBe(HttpStatusCode.Unauthorized, path);
            foreach (var wrong in new[] { "guess", "", expired, tokens[Scope.Full][..^1] })
                (await AskAsync(running, method, path, new AuthenticationHeaderValue("Bearer", wrong))).ShouldBe(HttpStatusCode.Unauthorized, path);
            foreach (var (scope, token) in tokens)
            {
                var status = await AskAsync(running, method, path, new AuthenticationHeaderValue("Bearer", token));
                if (scope < needed)
                    status.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path} with {scope}");
                else
                    status.ShouldNotBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized);
            }
            asked++;
        }
        asked.ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task ADamagedFileOfTokensLetsNobodyInAndTheServerSaysWhy()
    {
        var problems = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var running = await Running.StartAsync(new ServerOptions { OnProblem = problems.Enqueue });
        var token = running.Token("phone");
        File.WriteAllText(Path.Combine(running.Place + ".server", "tokens.json"), "{");

        var (status, body) = running.Curl(token, $"{running.Address}/api/v1/library");

        status.ShouldBe(500);
        body.ShouldContain("what it printed says why");
        body.ShouldNotContain(running.Place);
        problems.ShouldContain(p => p.Contains("tokens.json' is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatNeedsNoTokenIsThePageAndHealthAndLinksThatWereGivenOut()
    {
        await using var running = await Running.StartAsync();

        Endpoints(running).Where(e => e.Route.Needs is null).Select(e => $"{e.Method} {e.Route.Path}").Order(StringComparer.Ordinal)
            .ShouldBe([
                "GET /", "GET /api/v1/links/{id}", "GET /health", "GET /icon.svg", .. Scripts("jobs", "list", "page"), "GET /page.css", .. Scripts("sending", "server", "sha256", "thumbnails", "uploads", "viewer"), "HEAD /api/v1/links/{id}",
            ], ignoreOrder: true);

        static IEnumerable<string> Scripts(params string[] names) => names.Select(n => $"GET /{n}.js");
    }

    [Fact]
    public async Task APasswordCountsOnlyWhereProgramsNeedItAndNeverForAnotherSite()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("restic", Scope.Full);
        var password = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("anybody:" + token)));
        foreach (var (method, path, route) in Endpoints(running))
        {
            if (route.Needs is null)
                continue;
            var status = await AskAsync(running, method, path, password);
            if (!route.TakesPassword)
            {
                status.ShouldBe(HttpStatusCode.Unauthorized, path);
                continue;
            }
            status.ShouldNotBe(HttpStatusCode.Unauthorized, path);
            (await AskAsync(running, method, path, password, ("Sec-Fetch-Site", "cross-site"))).ShouldBe(HttpStatusCode.Forbidden, path);
            (await AskAsync(running, method, path, password, ("Origin", "https://elsewhere.example"))).ShouldBe(HttpStatusCode.Forbidden, path);
        }
    }

    [Fact]
    public async Task TheAuditLogSaysWhoDidWhatAndWhatCameOfIt()
    {
        await using var running = await Running.StartAsync();
        var (full, read) = (running.Token("ann", Scope.Full), running.Token("eve", Scope.Read));
        running.Curl(full, "--data-binary", "x", $"{running.Address}/upload?name=a.txt").Status.ShouldBe(201);
        running.Curl(full, "-X", "DELETE", $"{running.Address}/api/v1/files?path=a.txt").Status.ShouldBe(200);
        running.Curl(read, "-X", "DELETE", $"{running.Address}/api/v1/files?path=b.txt").Status.ShouldBe(403);
        running.Curl("guess", $"{running.Address}/api/v1/library").Status.ShouldBe(401);
        running.Curl(read, $"{running.Address}/api/v1/library").Status.ShouldBe(200);

        var file = running.Place + ".server/audit.jsonl";
        var lines = File.ReadAllLines(file).Select(l => JsonDocument.Parse(l).RootElement).ToList();

        lines.Select(l => $"{(l.TryGetProperty("token", out var t) ? t.GetString() : "-")} {l.GetProperty("method").GetString()} {l.GetProperty("path").GetString()} {l.GetProperty("status").GetInt32()}")
            .ShouldBe(["ann POST /upload 201", "ann DELETE /api/v1/files 200", "eve DELETE /api/v1/files 403", "- GET /api/v1/library 401"]);
        lines[0].GetProperty("query").GetString().ShouldBe("?name=a.txt");
        lines[0].GetProperty("address").GetString().ShouldBe("127.0.0.1");
        lines[0].GetProperty("at").GetDateTimeOffset().ShouldBeGreaterThan(TimeProvider.System.GetUtcNow().AddMinutes(-5));
        File.ReadAllText(file).ShouldNotContain(full);
        (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)).ShouldBe(UnixFileMode.None);
    }

    [Fact]
    public async Task TheOpenApiDocumentHasEveryEndpoint()
    {
        await using var running = await Running.StartAsync();

        using var document = JsonDocument.Parse(running.Curl(running.Token("reader", Scope.Read), $"{running.Address}/openapi/v1.json").Body);

        document.RootElement.GetProperty("openapi").GetString().ShouldBe("3.1.0");
        var paths = document.RootElement.GetProperty("paths");
        foreach (var (method, _, route) in Endpoints(running))
        {
            if (method is not ("GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS"))
                continue;
            var operation = paths.GetProperty(route.Path.Replace("{**", "{", StringComparison.Ordinal)).GetProperty(method.ToLowerInvariant());
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrWhiteSpace();
            operation.TryGetProperty("security", out _).ShouldBe(route.Needs is not null);
            operation.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString())
                .ShouldBe([.. route.Path.Split('{').Skip(1).Select(p => p.Split('}')[0].TrimStart('*')), .. route.Query.Select(q => q.Name)]);
        }
    }

    /// <summary>Method and path, with something in the place of what varies.</summary>
    private static IEnumerable<(string Method, string Path, Route Route)> Endpoints(Running running)
    {
        foreach (var endpoint in running.Server.Endpoints.Cast<RouteEndpoint>())
        {
            // Invariant: nothing answers that did not come through the table, and with it through the gate.
            var route = endpoint.Metadata.GetMetadata<Route>().ShouldNotBeNull(endpoint.DisplayName);
            var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.ShouldHaveSingleItem();
            var path = route.Path.Replace("{id}", new string('a', 64), StringComparison.Ordinal).Replace("{type}", "data", StringComparison.Ordinal)
                .Replace("{repository}", "laptop", StringComparison.Ordinal).Replace("{**path}", "x", StringComparison.Ordinal);
            yield return (method, path, route);
        }
    }

    /// <summary>From a loopback address of its own, so that wrong tokens of one question do not make the next one wait.</summary>
    private async Task<HttpStatusCode> AskAsync(Running running, string method, string path, AuthenticationHeaderValue? authorization, params (string Name, string Value)[] headers)
    {
        var address = new IPAddress([127, 0, (byte)(1 + (_address / 250)), (byte)(1 + (_address++ % 250))]);
        var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        _clients.Add(client);
        using var request = new HttpRequestMessage(new HttpMethod(method), running.Address + path);
        request.Headers.Authorization = authorization;
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (method is "POST" or "PATCH" or "PUT")
            request.Content = new StringContent("{}");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
