namespace Holdfast.Core.Jobs;

/// <summary>How to sign in to Telegram.</summary>
public sealed record TelegramOptions
{
    /// <summary>The application's number, from my.telegram.org.</summary>
    public int? ApiId { get; init; }

    /// <summary>The file that holds the application's hash.</summary>
    public string? ApiHashFile { get; init; }

    /// <summary>The file the session lives in.</summary>
    public string? Session { get; init; }

    /// <summary>The file that holds the key the session is sealed with.</summary>
    public string? SessionKeyFile { get; init; }
}
