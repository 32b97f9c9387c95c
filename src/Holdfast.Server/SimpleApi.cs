using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Server.Access;
using Holdfast.Server.Uploads;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server;

/// <summary><c>POST /upload?name=…&amp;hash=…</c>: a file with one line of curl.</summary>
internal sealed class SimpleApi(LibraryFolder library, Receiving receiving)
{
    public async Task UploadAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (name, hash) = (UploadName.Of(query["name"].ToString()), query["hash"].ToString().ToLowerInvariant());
        if (hash.Length is not (0 or Receiving.Md5Digits or Receiving.Sha256Digits) || !hash.All(char.IsAsciiHexDigit))
            throw new BadHttpRequestException("hash is the MD5 (32 digits) or SHA-256 (64 digits) of the file");
        Timestamp? modified = query["mtime"].ToString() is { Length: > 0 } mtime ? Timestamp.Parse(mtime) : null;
        var arrival = receiving.ArrivalOf(Gate.TokenOf(context), name, modified) with { RefuseConflict = query["on_conflict"].ToString() != "rename" };
        // A content that is known need not be sent at all.
        if (hash.Length == Receiving.Sha256Digits && await KnownAsync(arrival, ContentId.Parse(hash)) is { } known)
        {
            await AnswerAsync(context, known);
            return;
        }
        await AnswerAsync(context, await receiving.ReceiveAsync(context, arrival, hash));
    }

    private async Task<Kept?> KnownAsync(Arrival arrival, ContentId content)
    {
        if ((await library.AskAsync([content], CancellationToken.None))[0] is not { Kind: not PresenceKind.Missing } presence)
            return null;
        if (presence is not { Kind: PresenceKind.Held, Path: { } path } || library.FileAt(path) is not { Size: var size })
            return new Kept(KeptOutcome.DeletedForGood, null);
        if (size == 0)
            return null;
        return (await library.KeepAsync([arrival with { Entry = arrival.Entry with { Content = content, Size = size } }], CancellationToken.None))[0];
    }

    private static Task AnswerAsync(HttpContext context, Kept kept)
    {
        context.Response.StatusCode = kept.Outcome switch
        {
            KeptOutcome.Stored => StatusCodes.Status201Created,
            KeptOutcome.AlreadyThere => StatusCodes.Status200OK,
            KeptOutcome.DeletedForGood => StatusCodes.Status410Gone,
            _ => StatusCodes.Status409Conflict,
        };
        return LibraryApi.AnswerAsync(context, json =>
        {
            json.WriteString("outcome", Wire.Word(kept.Outcome));
            if (kept.Path is { } path)
                json.WriteString("path", PathText.Encode(path.Bytes));
        });
    }
}
