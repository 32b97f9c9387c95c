using System.Security.Cryptography.X509Certificates;
using Holdfast.Server.Figures;

namespace Holdfast.Server;

/// <summary>How a library is served.</summary>
public sealed record ServerOptions
{
    /// <summary>For HTTPS, or null.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>True to speak plain HTTP on an address that others reach: a proxy in front encrypts.</summary>
    public bool AllowPlain { get; init; }

    /// <summary>How long people have to rest until what they did is scanned; null not to watch them.</summary>
    public WatchTimes? Watch { get; init; }

    /// <summary>The folder of restic repositories; null for <c>PATH.restic</c>.</summary>
    public string? Repositories { get; init; }

    /// <summary>How the jobs stand that run beside it; null for none.</summary>
    public JobFigures? Jobs { get; init; }

    /// <summary>Is told what went wrong while nobody asked for anything.</summary>
    public Action<string> OnProblem { get; init; } = _ => { };

    /// <summary>How long requests that are under way may take to end when the server stops.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
