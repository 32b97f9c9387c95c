using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;

namespace Holdfast.Library.Http;

/// <summary>Speaks HTTP with a library server: tries again what is worth it, and turns refusals into words.</summary>
internal sealed class LibraryClient : IDisposable
{
    private const int Attempts = 5;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <param name="address">http:// or https://.</param>
    /// <param name="token">The token; never shown.</param>
    /// <param name="time">The clock to wait by.</param>
    public LibraryClient(string address, string token, TimeProvider time)
    {
        Address = address.TrimEnd('/');
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(20) })
        {
            BaseAddress = new Uri(Address + "/"),
            Timeout = TimeSpan.FromMinutes(10),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public string Address { get; }

    /// <summary>How fast bytes of files may be sent; null for as fast as it goes.</summary>
    public Pace? Up { get; init; }

    /// <summary>How fast bytes of files may be fetched; null for as fast as it goes.</summary>
    public Pace? Down { get; init; }

    /// <summary>Sends a request and gives the answer's JSON. Must be harmless when it arrives twice.</summary>
    public async Task<JsonDocument> AskAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(() => Request(method, path, body), isWhole: true, [], cancellationToken);
        return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>Sends a request until it is answered. A refusal that trying again cannot mend throws.</summary>
    public Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken, params HttpStatusCode[] accepted) =>
        SendAsync(request, isWhole: false, accepted, cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, bool isWhole, HttpStatusCode[] accepted, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await SendOnceAsync(request(), cancellationToken);
                if (answer.IsSuccessStatusCode || accepted.Contains(answer.StatusCode))
                {
                    // A server may end within its answer, too.
                    if (isWhole)
                        await answer.Content.LoadIntoBufferAsync(cancellationToken);
                    return answer;
                }
                using (answer)
                    if (attempt == Attempts || !IsBusy(answer.StatusCode))
                        throw await RefusalAsync(answer, cancellationToken);
            }
            catch (HttpRequestException e) when (e.InnerException is AuthenticationException problem)
            {
                throw new HoldfastException(
                    ErrorKind.Failed,
                    $"the certificate of {Address} is not trusted: {problem.Message}",
                    "Use the name that stands in it; this machine must know who signed it, and a signer of your own is named with SSL_CERT_FILE=FILE.",
                    e);
            }
            catch (Exception e) when (IsTransient(e, cancellationToken))
            {
                if (attempt == Attempts)
                    throw new HoldfastException(ErrorKind.Failed, $"the server {Address} does not answer: {e.Message}", "Is it running, and is the address right? What was sent is not lost: run again.", e);
            }
            await PauseAsync(attempt, cancellationToken);
        }
    }

    /// <summary>Waits before the next attempt, the longer the more there were.</summary>
    public Task PauseAsync(int attempt, CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromMilliseconds(200 << attempt), _time, cancellationToken);

    /// <summary>Sends a request once, without looking at the answer.</summary>
    public Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public static HttpRequestMessage Request(HttpMethod method, string path, byte[]? body)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        return request;
    }

    /// <summary>True for an answer that another attempt may not get.</summary>
    public static bool IsBusy(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    public static bool IsTransient(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException or SocketException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested);

    public async Task<HoldfastException> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new HoldfastException(ErrorKind.WrongPassword, $"{Address} does not accept the token.", "'holdfast token add NAME --library PATH' on the server makes one; it goes into token_file or HOLDFAST_TOKEN."),
            HttpStatusCode.Forbidden when text.Length > 0 => new HoldfastException(ErrorKind.Failed, $"{Address} refused it: {Reason(text)}."),
            HttpStatusCode.Forbidden => new HoldfastException(ErrorKind.Failed, $"the token may not do that on {Address}.", "Its scope is too narrow: read, append or full."),
            HttpStatusCode.InsufficientStorage => new HoldfastException(ErrorKind.Failed, $"{Address} has no room: {Reason(text)}.", "Make room there, or raise the quota of the token."),
            _ => new HoldfastException(ErrorKind.Failed, $"{Address} answered {(int)answer.StatusCode}: {Reason(text)}"),
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What the server says of it, out of its JSON where it is such.</summary>
    private static string Reason(string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            return answer.RootElement.GetProperty("error").GetString() ?? Short(text);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Short(text);
        }
    }

    private static string Short(string text) => text.Length <= 500 ? text.Trim() : text[..500];
}
