using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Server.Access;
using Holdfast.Server.Figures;
using Holdfast.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Routing;

/// <summary>What happens to every request: gate, handler, errors as answers, audit log, counts.</summary>
internal sealed class Router(Gate gate, AuditLog audit, RequestCounts counts)
{
    public void Map(WebApplication app, IEnumerable<Route> routes)
    {
        foreach (var route in routes)
            app.MapMethods(route.Path, [route.Method], context => AnswerAsync(context, route)).WithMetadata(route);
    }

    private async Task AnswerAsync(HttpContext context, Route route)
    {
        if (route.Needs is { } needed && gate.Refuse(context, needed, route.TakesPassword) is { } refused)
        {
            context.Response.StatusCode = refused;
            ErrorWords.Say(context, Gate.WordsFor(context, refused, needed));
            if (refused == StatusCodes.Status401Unauthorized)
                context.Response.Headers.WWWAuthenticate = route.TakesPassword ? "Basic realm=\"holdfast\", charset=\"UTF-8\"" : "Bearer";
            counts.Add(route.Method, refused);
            // Whoever has to wait is not written down each time: nobody can fill the disk with guesses.
            if (refused != StatusCodes.Status429TooManyRequests)
                audit.Note(context, durable: false);
            return;
        }
        string? failure = null;
        try
        {
            await HandleAsync(context, route.Handle);
        }
        catch (Exception e)
        {
            failure = e.Message;
            throw;
        }
        finally
        {
            counts.Add(route.Method, failure is null ? context.Response.StatusCode : StatusCodes.Status500InternalServerError);
            if (route.IsAudited || AuditLog.IsMentioned(context))
                audit.Note(context, durable: route.Needs == Scope.Full, failure);
        }
    }

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
        StoreException { Reason: StoreErrorKind.NotFound or StoreErrorKind.NoStore } => StatusCodes.Status404NotFound,
        StoreException { Reason: StoreErrorKind.NoSpace } => StatusCodes.Status507InsufficientStorage,
        StoreException { Reason: not StoreErrorKind.Exists } => StatusCodes.Status500InternalServerError,
        FileSystemException { IsNoSpace: true } => StatusCodes.Status507InsufficientStorage,
        FileSystemException => StatusCodes.Status500InternalServerError,
        HoldfastException => StatusCodes.Status409Conflict,
        JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException => StatusCodes.Status400BadRequest,
        _ => null,
    };
}
