using System.Collections.Concurrent;
using System.Net;
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
    private const string Scheme = "Bearer ";

    private readonly ConcurrentDictionary<IPAddress, (long Minute, int Count)> _failures = new();

    /// <summary>The status to refuse with, or null for one who may.</summary>
    public int? Refuse(HttpContext context, Scope needed)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (_failures.TryGetValue(address, out var before) && before.Minute == minute && before.Count >= MostFailures)
            return StatusCodes.Status429TooManyRequests;
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return StatusCodes.Status401Unauthorized;
        if (tokens.Find(header[Scheme.Length..].Trim(), time.GetUtcNow()) is not { } token)
        {
            if (_failures.Count > MostAddresses)
                _failures.Clear();
            _failures.AddOrUpdate(address, (minute, 1), (_, f) => f.Minute == minute ? (minute, f.Count + 1) : (minute, 1));
            return StatusCodes.Status401Unauthorized;
        }
        context.Items[nameof(Token)] = token;
        return token.Scope >= needed ? null : StatusCodes.Status403Forbidden;
    }

    /// <summary>Who it is that was let in.</summary>
    public static Token TokenOf(HttpContext context) => (Token)context.Items[nameof(Token)]!;
}
