using System.Text;
using Holdfast.Core.Model;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Uploads;

/// <summary>
/// What a client says of an upload when it begins it: the header <c>Upload-Metadata</c> of tus (keys, each with a value in Base64
/// behind a space, separated by commas). <c>filename</c> (or <c>name</c>) is where it is to lie, <c>mtime</c> its time in seconds,
/// <c>sha256</c> the hash it must have.
/// </summary>
internal sealed record UploadMetadata
{
    private const int MostBytes = 8192;

    public static UploadMetadata None { get; } = new();

    /// <summary>The header as it came, to be given back; empty for none.</summary>
    public string Header { get; private init; } = "";

    /// <summary>Where it is to lie; null for an upload that is named later (<c>POST /api/v1/names</c>).</summary>
    public EntryPath? Name { get; private init; }

    /// <summary>Its time; null for that of the upload.</summary>
    public Timestamp? Modified { get; private init; }

    /// <summary>The hash it must have; null for any.</summary>
    public ContentId? Content { get; private init; }

    /// <exception cref="BadHttpRequestException">It is none, or a value is none of its key.</exception>
    public static UploadMetadata Parse(string header)
    {
        if (header.Length == 0)
            return None;
        var values = Values(header);
        try
        {
            return new UploadMetadata
            {
                Header = header,
                Name = (values.GetValueOrDefault("filename") ?? values.GetValueOrDefault("name")) is { } name ? UploadName.Of(name) : null,
                Modified = values.GetValueOrDefault("mtime") is { } time ? Timestamp.Parse(time) : null,
                Content = values.GetValueOrDefault("sha256") is { } hash ? ContentId.Parse(hash) : null,
            };
        }
        catch (FormatException e)
        {
            throw new BadHttpRequestException($"Upload-Metadata: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> Values(string header)
    {
        // It is given back in a header, so nothing may be in it that ends one.
        if (header.Length > MostBytes || !header.All(c => c is >= ' ' and <= '~'))
            throw new BadHttpRequestException("Upload-Metadata is too long, or no ASCII");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var space = pair.IndexOf(' ');
            var (key, value) = space < 0 ? (pair, "") : (pair[..space], pair[(space + 1)..]);
            if (key.Length == 0 || !values.TryAdd(key, Text(value)))
                throw new BadHttpRequestException("Upload-Metadata has a key twice, or none");
        }
        return values;
    }

    private static string Text(string base64)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(base64));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new BadHttpRequestException("Upload-Metadata: a value is no text in Base64", e);
        }
    }
}
