using System.Text;
using Holdfast.Core.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Server.Dav;

/// <summary>What all WebDAV requests have in common (RFC 4918).</summary>
internal static class DavRequest
{
    /// <summary>
    /// The path below the share, out of the address as it was sent: the framework's own leaves %2F as it is, and then two names
    /// would look the same.
    /// </summary>
    /// <exception cref="BadHttpRequestException">It is none.</exception>
    public static EntryPath PathOf(HttpContext context, string share)
    {
        return PathOf(context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0], share, StatusCodes.Status400BadRequest);
    }

    /// <summary>Where something is to go, below the same share.</summary>
    /// <exception cref="BadHttpRequestException">The header is missing, or names a place elsewhere (502).</exception>
    public static EntryPath DestinationOf(HttpContext context, string share)
    {
        var sent = context.Request.Headers["Destination"].ToString();
        if (Uri.TryCreate(sent, UriKind.Absolute, out var whole) && whole.Scheme.StartsWith("http", StringComparison.Ordinal) && !string.Equals(whole.Authority, context.Request.Host.Value, StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException("Destination is on another server", StatusCodes.Status502BadGateway);
        return PathOf(sent, share, StatusCodes.Status502BadGateway);
    }

    private static EntryPath PathOf(string sent, string share, int elsewhere)
    {
        if (Uri.TryCreate(sent, UriKind.Absolute, out var whole) && whole.Scheme.StartsWith("http", StringComparison.Ordinal))
            sent = whole.AbsolutePath;
        // A proxy in front may be spoken to over HTTPS while this server is not; that the host is the same is enough.
        if (!sent.StartsWith(share, StringComparison.Ordinal) || (sent.Length > share.Length && sent[share.Length] != '/'))
            throw new BadHttpRequestException("that is no path of this share", elsewhere);
        var text = sent[share.Length..].Trim('/');
        try
        {
            return text.Length == 0 ? EntryPath.Root : EntryPath.From(PathText.Decode(Encoding.UTF8.GetBytes(text)));
        }
        catch (ArgumentException e)
        {
            throw new BadHttpRequestException(e.Message, e);
        }
    }

    /// <summary>Whether a listing of the folder is wanted too. How deep a whole tree is nobody knows, so there is one level at a time.</summary>
    public static bool WantsChildren(HttpContext context) => context.Request.Headers["Depth"].ToString() != "0";

    public static Task OptionsAsync(HttpContext context, string allow)
    {
        // Class 1: no locks.
        context.Response.Headers["DAV"] = "1";
        context.Response.Headers.Allow = allow;
        return Task.CompletedTask;
    }

    public static Task AnswerAsync(HttpContext context, string share, IEnumerable<DavNode> nodes)
    {
        context.Response.StatusCode = StatusCodes.Status207MultiStatus;
        context.Response.ContentType = "application/xml; charset=utf-8";
        return context.Response.Body.WriteAsync(MultiStatus.Write(share, nodes), context.RequestAborted).AsTask();
    }
}
