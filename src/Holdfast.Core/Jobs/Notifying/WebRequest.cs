using System.Net;
using System.Net.Http.Headers;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>A request to an address that may be a secret: errors name its host and no more.</summary>
internal static class WebRequest
{
    // Titles of ntfy are UTF-8.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>The address, from the config or from its file.</summary>
    /// <exception cref="NotToldException">The file cannot be read, or holds no address.</exception>
    public static Uri Address(string? url, string? file)
    {
        var text = url ?? SecretText.OfFile(file!).Trim();
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new NotToldException($"'{file}' holds no address (https://…)", helpsToTryAgain: false);
    }

    /// <summary>Posts it.</summary>
    /// <exception cref="NotToldException">Nobody answered, or not with 2xx.</exception>
    public static async Task PostAsync(Uri address, HttpContent content, string? tokenFile, Action<HttpRequestHeaders>? headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        if (tokenFile is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SecretText.OfFile(tokenFile));
        headers?.Invoke(request.Headers);
        try
        {
            using var response = await Client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new NotToldException($"{address.Host} answered {(int)response.StatusCode} {response.ReasonPhrase}", MayPass(response.StatusCode));
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new NotToldException($"{address.Host} did not answer: {e.Message}", helpsToTryAgain: true, e);
        }
    }

    private static bool MayPass(HttpStatusCode code) => (int)code >= 500 || code is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
}
