using Holdfast.Core.Sources.Rules;

namespace Holdfast.Core.Targets;

/// <summary>
/// A target that can take single files out of its history. What the newest snapshot lists stays; older versions of what the
/// masks name, and what was deleted, are in no snapshot any more.
/// </summary>
public interface IForgetPaths
{
    /// <summary>Forgets versions. What an interrupted call left undone is completed first.</summary>
    /// <param name="masks">Patterns as in a job's <c>exclude</c>; a folder names everything below it.</param>
    /// <param name="found">Gets every version before any is forgotten, in path order.</param>
    /// <param name="dryRun">Only find them; needs no lock and writes nothing.</param>
    /// <param name="purpose">Who holds the lock, for people.</param>
    /// <param name="wait">How long to wait for the lock.</param>
    /// <param name="cancellationToken">Breaks off as long as nothing is decided.</param>
    /// <exception cref="Model.HoldfastException">No such place, locked, or not writable.</exception>
    Task ForgetPathsAsync(RuleList masks, Action<ForgottenVersion> found, bool dryRun, string purpose, TimeSpan wait, CancellationToken cancellationToken);
}
