using Holdfast.Core.Targets;

namespace Holdfast.Server;

/// <summary>Whose snapshots a server shows.</summary>
/// <param name="Jobs">The jobs there are now.</param>
/// <param name="Open">Opens the snapshots of one of them; throws when its place cannot be reached.</param>
public sealed record SharedSnapshots(Func<IReadOnlyList<string>> Jobs, Func<string, ISnapshots> Open);
