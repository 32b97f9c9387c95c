using Holdfast.Server.Figures;

namespace Holdfast.Server;

/// <summary>How a library is served.</summary>
public sealed record ServerOptions
{
    /// <summary>Bytes a second that any network manages.</summary>
    public const double UsualSlowest = 100;

    /// <summary>For HTTPS, or null.</summary>
    public TlsCertificate? Certificate { get; init; }

    /// <summary>True to speak plain HTTP on an address that others reach: a proxy in front encrypts.</summary>
    public bool AllowPlain { get; init; }

    /// <summary>How long people have to rest until what they did is scanned; null not to watch them.</summary>
    public WatchTimes? Watch { get; init; }

    /// <summary>Whether what came in is read back in the background.</summary>
    public bool ReadsBack { get; init; } = true;

    /// <summary>Whose snapshots are shown below <c>/dav/snapshots/</c>; null for what the clients of the library uploaded.</summary>
    public SharedSnapshots? Snapshots { get; init; }

    /// <summary>The folder of restic repositories; null for <c>PATH.restic</c>.</summary>
    public string? Repositories { get; init; }

    /// <summary>How the jobs stand that run beside it; null for none.</summary>
    public JobFigures? Jobs { get; init; }

    /// <summary>Bytes that an uploaded file may have; null for any number.</summary>
    public long? LargestFile { get; init; }

    /// <summary>
    /// What a client must send at least, in bytes a second, once <see cref="Grace"/> is over; null for nothing. A phone that
    /// leaves the house must not hold a connection for ever.
    /// </summary>
    public double? SlowestUpload { get; init; } = UsualSlowest;

    /// <summary>How long a request may be slower than that.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a scan that somebody listens to says nothing. Proxies and clients take a connection for dead that is silent for a
    /// minute, and a scan may wait for another one for hours.
    /// </summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Is told what went wrong while nobody asked for anything.</summary>
    public Action<string> OnProblem { get; init; } = _ => { };

    /// <summary>How long requests that are under way may take to end when the server stops.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
