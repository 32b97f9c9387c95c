using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Server.Tests;

/// <summary>Requests as the text of tus 1.0 has them, header by header.</summary>
internal sealed class TusClient : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly Running _running;
    private readonly string _token;

    public TusClient(Running running, string token)
    {
        _running = running;
        _token = token;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public string Uploads => $"{_running.Address}/api/v1/uploads";

    public void Dispose() => _http.Dispose();

    /// <summary>A request with the protocol's version in it, unless the headers say another.</summary>
    public async Task<HttpResponseMessage> SendAsync(string method, string address, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }
        if (!headers.Any(h => h.Name == "Tus-Resumable"))
            request.Headers.Add("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Begins an upload; its address.</summary>
    public async Task<string> CreateAsync(long length, params (string Key, string Value)[] metadata)
    {
        var header = string.Join(',', metadata.Select(m => $"{m.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(m.Value))}"));
        using var answer = await SendAsync("POST", Uploads, null, [("Upload-Length", Text(length)), .. metadata.Length > 0 ? [("Upload-Metadata", header)] : Array.Empty<(string, string)>()]);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return _running.Address + answer.Headers.Location;
    }

    public async Task<HttpStatusCode> PatchAsync(string location, long offset, byte[] bytes, string? checksum = null)
    {
        using var answer = await SendAsync("PATCH", location, bytes, [("Upload-Offset", Text(offset)), .. checksum is null ? Array.Empty<(string, string)>() : [("Upload-Checksum", checksum)]]);
        return answer.StatusCode;
    }

    /// <summary>How much is there; null when there is no such upload.</summary>
    public async Task<long?> OffsetAsync(string location)
    {
        using var answer = await SendAsync("HEAD", location);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        return long.Parse(Header(answer, "Upload-Offset")!, CultureInfo.InvariantCulture);
    }

    /// <summary>Sends the head of a PATCH and only the beginning of its body; the connection stays open.</summary>
    public async Task<TcpClient> BeginPatchAsync(string location, long offset, byte[] bytes, int sent)
    {
        var address = new Uri(location);
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var head = $"PATCH {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {_token}\r\nTus-Resumable: 1.0.0\r\n"
            + $"Content-Type: application/offset+octet-stream\r\nUpload-Offset: {offset}\r\nContent-Length: {bytes.Length}\r\n\r\n";
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await connection.GetStream().WriteAsync(bytes.AsMemory(0, sent), TestContext.Current.CancellationToken);
        return connection;
    }

    public static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    public static string Sha256(byte[] bytes) => $"sha256 {Convert.ToBase64String(SHA256.HashData(bytes))}";

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
