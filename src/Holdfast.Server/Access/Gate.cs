using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Access;

/// <summary>
/// Lets in who has a token with the scope that is needed. There are no cookies, so no other site can act for a browser. An
/// address that tries wrong tokens waits: <see cref="MostFailures"/> a minute.
/// </summary>
internal sealed class Gate(TokenFile tokens, TimeProvider time)
{
    public const int MostFailures = 10;

    private const int MostAddresses = 10_000;
    private const string Bearer = "Bearer ", Basic = "Basic ";

    private readonly ConcurrentDictionary<IPAddress, (long Minute, int Count)> _failures = new();

    /// <summary>The status to refuse with, or null for one who may.</summary>
    /// <param name="context">The request.</param>
    /// <param name="needed">The scope it needs.</param>
    /// <param name="takesPassword">True where the token may come as a password. A browser sends one by itself, so other sites are kept out.</param>
    public int? Refuse(HttpContext context, Scope needed, bool takesPassword = false)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (_failures.TryGetValue(address, out var before) && before.Minute == minute && before.Count >= MostFailures)
            return StatusCodes.Status429TooManyRequests;
        if (takesPassword && IsFromAnotherSite(context.Request))
            return StatusCodes.Status403Forbidden;
        if (TextOf(context.Request.Headers.Authorization.ToString(), takesPassword) is not { } text)
            return StatusCodes.Status401Unauthorized;
        if (tokens.Find(text, time.GetUtcNow()) is not { } token)
        {
            if (_failures.Count > MostAddresses)
                _failures.Clear();
            _failures.AddOrUpdate(address, (minute, 1), (_, f) => f.Minute == minute ? (minute, f.Count + 1) : (minute, 1));
            return StatusCodes.Status401Unauthorized;
        }
        context.Items[nameof(Token)] = token;
        return token.Scope >= needed ? null : StatusCodes.Status403Forbidden;
    }

    /// <summary>Why somebody is refused, and what to do.</summary>
    public static string WordsFor(HttpContext context, int refused, Scope needed) => refused switch
    {
        StatusCodes.Status401Unauthorized => "no valid token came with the request; 'holdfast token add' makes one, and it goes into the header 'Authorization: Bearer …'",
        StatusCodes.Status429TooManyRequests => "too many wrong tokens came from this address; wait a minute",
        _ when TryTokenOf(context) is { } token => $"the scope of the token '{token.Name}' is {Word(token.Scope)}, and this needs {Word(needed)}",
        _ => "a page of another site sent this",
    };

    /// <summary>Who it is that was let in.</summary>
    public static Token TokenOf(HttpContext context) => TryTokenOf(context)!;

    /// <summary>Whose token came with a request; null when it had none that counts.</summary>
    public static Token? TryTokenOf(HttpContext context) => context.Items[nameof(Token)] as Token;

    private static string Word(Scope scope) => scope.ToString().ToLowerInvariant();

    private static string? TextOf(string header, bool takesPassword)
    {
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return header[Bearer.Length..].Trim();
        if (!takesPassword || !header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return null;
        var pair = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), pair, out var length))
            return null;
        // RFC 7617: the name has no colon; whose token it is the token says.
        var colon = pair.AsSpan(0, length).IndexOf((byte)':');
        return colon < 0 ? null : Encoding.UTF8.GetString(pair.AsSpan(colon + 1, length - colon - 1));
    }

    /// <summary>Browsers say where a request comes from (https://www.w3.org/TR/fetch-metadata/); older ones only name the origin.</summary>
    private static bool IsFromAnotherSite(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none");
        return request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != $"{request.Scheme}://{request.Host}";
    }
}
