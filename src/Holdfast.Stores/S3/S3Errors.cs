using System.Net;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;

namespace Holdfast.Stores.S3;

/// <summary>What an engine's answers and the network's failures mean for a store.</summary>
internal static class S3Errors
{
    /// <summary>True for a failure of the engine or the network, false for one of this program.</summary>
    public static bool IsOne(Exception e) =>
        e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException or AuthenticationException;

    /// <summary>The same failure in the words of stores.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="store">How messages call the store.</param>
    /// <param name="name">Of which object; null for none in particular.</param>
    public static StoreException Of(Exception e, string store, ObjectName? name) => e switch
    {
        AmazonS3Exception answer when answer.StatusCode >= HttpStatusCode.MultipleChoices => OfAnswer(answer, store, name),
        _ when Find<AuthenticationException>(e) is { } untrusted => new StoreException(
            StoreErrorKind.Denied, $"{store} cannot be trusted: {untrusted.Message}", "If it has a certificate of your own, name the file of the signer with ca_file in the config.", e),
        AmazonUnmarshallingException or AmazonS3Exception => Unavailable($"{store} gave an answer that breaks off or makes no sense", e),
        _ => Unavailable($"{store} cannot be reached: {Innermost(e).Message}", e),
    };

    public static StoreException Unavailable(string message, Exception? inner = null) => new(StoreErrorKind.Unavailable, message.TrimEnd('.') + ".", inner: inner);

    private static StoreException OfAnswer(AmazonS3Exception e, string store, ObjectName? name) => e.ErrorCode switch
    {
        "NoSuchBucket" => new StoreException(StoreErrorKind.NoStore, $"There is no bucket for {store}.", "Check its name, or make it.", e),
        "NoSuchKey" when name is not null => StoreException.NotFound(store, name, e),
        "PreconditionFailed" when name is not null => StoreException.Exists(store, name, e),
        "ConditionalRequestConflict" or "OperationAborted" or "RequestTimeout" or "RequestTimeTooSkewed" or "SlowDown" or "InternalError" or "NoSuchUpload" =>
            Unavailable(Says(e, store, name), e),
        "QuotaExceeded" or "XMinioStorageFull" or "StorageFull" => new StoreException(StoreErrorKind.NoSpace, Says(e, store, name), "Make room there, or raise the quota.", e),
        "EntityTooLarge" => new StoreException(StoreErrorKind.TooLarge, Says(e, store, name), inner: e),
        "NotImplemented" or "InvalidStorageClass" => new StoreException(StoreErrorKind.Unsupported, Says(e, store, name), inner: e),
        "BadDigest" or "XAmzContentSHA256Mismatch" or "IncompleteBody" => Unavailable(Says(e, store, name), e), // damaged on the way
        _ => OfStatus(e, store, name),
    };

    private static StoreException OfStatus(AmazonS3Exception e, string store, ObjectName? name) => e.StatusCode switch
    {
        HttpStatusCode.NotFound when name is not null => StoreException.NotFound(store, name, e),
        HttpStatusCode.PreconditionFailed when name is not null => StoreException.Exists(store, name, e),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            new StoreException(StoreErrorKind.Denied, Says(e, store, name), "Check the keys, and what they may do in this bucket.", e),
        HttpStatusCode.InsufficientStorage => new StoreException(StoreErrorKind.NoSpace, Says(e, store, name), "Make room there.", e),
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict or >= HttpStatusCode.InternalServerError =>
            Unavailable(Says(e, store, name), e),
        _ => new StoreException(StoreErrorKind.Failed, Says(e, store, name), inner: e),
    };

    private static string Says(AmazonS3Exception e, string store, ObjectName? name)
    {
        var what = name is null ? store : $"{store} ('{name}')";
        var reason = string.IsNullOrWhiteSpace(e.Message) || e.Message == e.ErrorCode ? "" : $": {e.Message.Trim()}";
        return $"{what} answers {(string.IsNullOrEmpty(e.ErrorCode) ? ((int)e.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture) : e.ErrorCode)}{reason}".TrimEnd('.') + ".";
    }

    private static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
            if (e is T found)
                return found;
        return null;
    }

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e;
    }
}
