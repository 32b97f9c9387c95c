namespace Holdfast.Server.Figures;

/// <summary>How the jobs stand that run in the same process.</summary>
/// <param name="Json">An object with an array <c>jobs</c>, as <c>GET /api/v1/jobs</c> answers it.</param>
/// <param name="Metrics">The same for Prometheus.</param>
public sealed record JobFigures(Func<byte[]> Json, Func<string> Metrics);
