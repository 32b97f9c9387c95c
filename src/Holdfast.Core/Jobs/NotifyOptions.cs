namespace Holdfast.Core.Jobs;

/// <summary>Who hears of a run.</summary>
public sealed record NotifyOptions
{
    /// <summary>By mail, or null.</summary>
    public EmailOptions? Email { get; init; }
}

/// <summary>Mail about runs.</summary>
public sealed record EmailOptions
{
    /// <summary>HOST:PORT of the mail server.</summary>
    public string? Smtp { get; init; }

    /// <summary>Whom to sign in as; null for nobody.</summary>
    public string? User { get; init; }

    /// <summary>The file that holds the password.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The sender.</summary>
    public string? From { get; init; }

    /// <summary>The readers.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>"failure", "always" or "change".</summary>
    public string When { get; init; } = "failure";
}
