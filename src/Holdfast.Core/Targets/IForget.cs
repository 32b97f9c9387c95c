namespace Holdfast.Core.Targets;

/// <summary>A target that can forget snapshots. The others stay exactly as they are.</summary>
public interface IForget
{
    /// <summary>Forgets the snapshots that are chosen. What an interrupted call left undone is completed first.</summary>
    /// <param name="choose">From all snapshots, oldest first, to those to forget; called under the place's lock.</param>
    /// <param name="purpose">Who holds the lock, for people.</param>
    /// <param name="wait">How long to wait for the lock.</param>
    /// <param name="cancellationToken">Ends the work between two snapshots.</param>
    /// <returns>Those that were forgotten.</returns>
    /// <exception cref="Model.HoldfastException">The newest was chosen, no such place, locked, or not writable.</exception>
    Task<IReadOnlyList<Snapshot>> ForgetAsync(Func<IReadOnlyList<Snapshot>, IReadOnlyList<Snapshot>> choose, string purpose, TimeSpan wait, CancellationToken cancellationToken);
}
