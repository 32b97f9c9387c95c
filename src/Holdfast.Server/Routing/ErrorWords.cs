using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Routing;

/// <summary>Gives every refusal words: curl shows a body, and a status only to who asks for it.</summary>
internal static class ErrorWords
{
    /// <summary>Says why a request is refused.</summary>
    public static void Say(HttpContext context, string words) => context.Items[nameof(ErrorWords)] = words;

    /// <summary>Lets a request be answered, and adds what the answer lacks.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">Answers it.</param>
    /// <param name="onProblem">Is told of what nobody foresaw: it may name what a stranger is not to know.</param>
    public static async Task AddAsync(HttpContext context, RequestDelegate next, Action<string> onProblem)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            onProblem($"{context.Request.Method} {context.Request.Path} failed: {e.Message}");
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        var response = context.Response;
        if (response.StatusCode < StatusCodes.Status400BadRequest || response.HasStarted || response.ContentLength is not null || HttpMethods.IsHead(context.Request.Method))
            return;
        await LibraryApi.AnswerAsync(context, json => json.WriteString("error", context.Items[nameof(ErrorWords)] as string ?? WordsOf(response.StatusCode)));
    }

    private static string WordsOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "there is nothing of that name here",
        StatusCodes.Status405MethodNotAllowed => "that cannot be done here with this method",
        StatusCodes.Status409Conflict => "it is not as the request takes it to be",
        StatusCodes.Status410Gone => "this content was deleted for good",
        StatusCodes.Status412PreconditionFailed => "a condition of the request is not met",
        StatusCodes.Status413PayloadTooLarge => "that is more than there may be",
        StatusCodes.Status415UnsupportedMediaType => "a body of that type is not taken here",
        StatusCodes.Status429TooManyRequests => "too many uploads at once: end some of them first",
        StatusCodes.Status500InternalServerError => "the server failed at this; what it printed says why",
        _ => string.Create(CultureInfo.InvariantCulture, $"refused with status {status}"),
    };
}
