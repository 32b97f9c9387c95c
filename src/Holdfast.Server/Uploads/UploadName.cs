using System.Text;
using Holdfast.Core.Model;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Uploads;

/// <summary>Under which name an upload is to lie, as its client says it.</summary>
internal static class UploadName
{
    // The longest path that Linux takes, with something left for the library's own.
    private const int MostBytes = 4000;

    private const string Hint = "name is a relative path, such as DCIM/a.jpg";

    /// <param name="text">Plain text.</param>
    /// <exception cref="BadHttpRequestException">It is no relative path.</exception>
    public static EntryPath Of(string text)
    {
        try
        {
            if (text.Length == 0 || text.StartsWith('/') || Encoding.UTF8.GetByteCount(text) > MostBytes)
                throw new BadHttpRequestException(Hint);
            return EntryPath.From(text) is { IsRoot: false } path ? path : throw new BadHttpRequestException(Hint);
        }
        catch (ArgumentException e)
        {
            throw new BadHttpRequestException(e.Message, e);
        }
    }
}
