using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Library.Verifying;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server;

/// <summary>Reads contents back for who waits for it.</summary>
internal sealed class VerifyApi(LibraryFolder library)
{
    public async Task VerifyAsync(HttpContext context)
    {
        using var body = await LibraryApi.BodyAsync(context, LibraryApi.MostBodyOfHashes);
        var contents = body.RootElement.GetProperty("hashes").EnumerateArray().Select(h => ContentId.Parse(h.GetString())).Distinct().ToList();
        if (contents.Count > Wire.MostVerified)
            throw new BadHttpRequestException($"at most {Wire.MostVerified} hashes at once", StatusCodes.Status413PayloadTooLarge);
        var again = body.RootElement.TryGetProperty("again", out var asked) && asked.GetBoolean();
        var results = new List<ReadBackResult>(contents.Count);
        foreach (var content in contents)
            results.Add(await library.VerifyAsync(content, context.RequestAborted, again));
        await LibraryApi.AnswerAsync(context, json =>
        {
            Put("verified", ReadBackResult.Right);
            Put("damaged", ReadBackResult.Damaged);
            Put("missing", ReadBackResult.Missing);

            void Put(string name, ReadBackResult result)
            {
                json.WriteStartArray(name);
                for (var i = 0; i < results.Count; i++)
                    if (results[i] == result)
                        json.WriteStringValue(contents[i].ToString());
                json.WriteEndArray();
            }
        });
    }
}
