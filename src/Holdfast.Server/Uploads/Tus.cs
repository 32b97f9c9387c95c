using System.Globalization;
using System.Security.Cryptography;
using Holdfast.Library.Http;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Uploads;

/// <summary>The words of tus 1.0 (https://tus.io/protocols/resumable-upload): headers, statuses, what this server can do.</summary>
internal static class Tus
{
    public const int ChecksumMismatch = 460;

    /// <summary>Methods that may come as POST, from clients that cannot send them.</summary>
    public const string MethodOverride = "X-HTTP-Method-Override";

    public const string PartType = "application/offset+octet-stream";

    private const string Version = "1.0.0", Extensions = "creation,creation-defer-length,creation-with-upload,expiration,checksum,termination", Algorithms = "sha256,sha1";

    /// <summary>What the server can do.</summary>
    public static Task OptionsAsync(HttpContext context, long? largest)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        headers["Tus-Resumable"] = Version;
        headers["Tus-Version"] = Version;
        headers["Tus-Extension"] = Extensions;
        headers["Tus-Checksum-Algorithm"] = Algorithms;
        if (largest is { } bytes)
            headers["Tus-Max-Size"] = Text(bytes);
        return Task.CompletedTask;
    }

    /// <summary>True when the client speaks this version; otherwise the request is answered.</summary>
    public static bool Speaks(HttpContext context)
    {
        context.Response.Headers["Tus-Resumable"] = Version;
        if (context.Request.Headers["Tus-Resumable"] == Version)
            return true;
        context.Response.Headers["Tus-Version"] = Version;
        context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
        return false;
    }

    /// <summary>A header that is a number of bytes; null when it is missing.</summary>
    /// <exception cref="BadHttpRequestException">It is no such number.</exception>
    public static long? Number(HttpContext context, string header)
    {
        var text = context.Request.Headers[header].ToString();
        if (text.Length == 0)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new BadHttpRequestException($"{header} is no number of bytes");
    }

    /// <summary>How much of an upload is there, and until when it can be gone on with.</summary>
    public static void Tell(HttpContext context, Upload upload)
    {
        var headers = context.Response.Headers;
        headers["Upload-Offset"] = Text(upload.Offset);
        if (upload.Kept is null)
            headers["Upload-Expires"] = (upload.Touched + UploadTable.Lifetime).ToString("R", CultureInfo.InvariantCulture);
        else if (upload.Kept.Path is { } path)
        {
            headers["Holdfast-Outcome"] = Wire.Word(upload.Kept.Outcome);
            headers["Holdfast-Path"] = Uri.EscapeDataString(path.ToString());
        }
    }

    public static string Text(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);

    /// <summary>The checksum that a part must have; null when it has none to have.</summary>
    /// <exception cref="BadHttpRequestException">It is none, or of a kind that this server does not know.</exception>
    public static (IncrementalHash Hash, byte[] Expected)? Checksum(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue("Upload-Checksum", out var header))
            return null;
        var expected = new byte[64];
        if (header.ToString().Split(' ') is not [var algorithm, var text] || NameOf(algorithm) is not { } name || !Convert.TryFromBase64String(text, expected, out var length))
            throw new BadHttpRequestException($"Upload-Checksum is one of {Algorithms} and, behind a space, the checksum in Base64");
        return (IncrementalHash.CreateHash(name), expected[..length]);
    }

    private static HashAlgorithmName? NameOf(string algorithm) => algorithm switch
    {
        "sha256" => HashAlgorithmName.SHA256,
        "sha1" => HashAlgorithmName.SHA1, // Every server must know it. It guards against accidents only.
        _ => null,
    };
}
