namespace Holdfast.Core.Jobs;

/// <summary>Who hears of a run, and of a job that does not run.</summary>
public sealed record NotifyOptions
{
    /// <summary>By mail, or null.</summary>
    public EmailOptions? Email { get; init; }

    /// <summary>By a request that carries the report as JSON, or null.</summary>
    public WebhookOptions? Webhook { get; init; }

    /// <summary>By a message to an ntfy topic, or null.</summary>
    public PushOptions? Push { get; init; }

    /// <summary>By a sign of life for a service that raises the alarm when it stays away, or null.</summary>
    public PingOptions? Ping { get; init; }

    /// <summary>By a shell command, or null.</summary>
    public NotifyCommandOptions? Command { get; init; }

    /// <summary>When the daemon sends a digest of all jobs: a schedule; null for never.</summary>
    public string? Digest { get; init; }

    /// <summary>How often each is tried, 1 or more.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>How long after a try that failed the next one comes; doubled each time.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Mail about runs.</summary>
public sealed record EmailOptions
{
    /// <summary>HOST:PORT of the mail server.</summary>
    public string? Smtp { get; init; }

    /// <summary>"starttls", "implicit" or "none"; null for what the port stands for: implicit on 465, else starttls.</summary>
    public string? Tls { get; init; }

    /// <summary>The file (PEM) of those whose certificates are trusted; null for the system's.</summary>
    public string? Ca { get; init; }

    /// <summary>How long each answer of the server may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whom to sign in as; null for nobody.</summary>
    public string? User { get; init; }

    /// <summary>The file that holds the password.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The environment variable that holds the password.</summary>
    public string? PasswordEnv { get; init; }

    /// <summary>The shell command that prints the password.</summary>
    public string? PasswordCommand { get; init; }

    /// <summary>The sender.</summary>
    public string? From { get; init; }

    /// <summary>The readers; one without @ is at the domain of <see cref="From"/>.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>The subject, with {job}, {outcome} and {client}; null for the usual one.</summary>
    public string? Subject { get; init; }

    /// <summary>"failure", "always" or "change".</summary>
    public string When { get; init; } = "failure";
}

/// <summary>A request about runs.</summary>
public sealed record WebhookOptions
{
    /// <summary>Where to; null when a file holds it.</summary>
    public string? Url { get; init; }

    /// <summary>The file that holds the address, for an address that is a secret.</summary>
    public string? UrlFile { get; init; }

    /// <summary>The file that holds a token the request is signed in with.</summary>
    public string? TokenFile { get; init; }

    /// <summary>"failure", "always" or "change".</summary>
    public string When { get; init; } = "failure";
}

/// <summary>A message to a phone about runs (ntfy).</summary>
public sealed record PushOptions
{
    /// <summary>The topic's address; null when a file holds it.</summary>
    public string? Url { get; init; }

    /// <summary>The file that holds the address.</summary>
    public string? UrlFile { get; init; }

    /// <summary>The file that holds a token to sign in with.</summary>
    public string? TokenFile { get; init; }

    /// <summary>"failure", "always" or "change".</summary>
    public string When { get; init; } = "failure";
}

/// <summary>Signs of life (healthchecks): at the start, and how it ended.</summary>
public sealed record PingOptions
{
    /// <summary>The check's address; null when a file holds it.</summary>
    public string? Url { get; init; }

    /// <summary>The file that holds the address.</summary>
    public string? UrlFile { get; init; }
}

/// <summary>A shell command about runs.</summary>
public sealed record NotifyCommandOptions
{
    /// <summary>What the shell runs, in the config's folder.</summary>
    public string? Run { get; init; }

    /// <summary>"failure", "always" or "change".</summary>
    public string When { get; init; } = "failure";
}
