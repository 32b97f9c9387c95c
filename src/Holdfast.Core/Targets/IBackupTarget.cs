namespace Holdfast.Core.Targets;

/// <summary>A place together with its layout, as something to back up to.</summary>
public interface IBackupTarget
{
    /// <summary>The target as the config names it; never with a secret in it.</summary>
    string Name { get; }

    /// <summary>
    /// Opens the place, checks its marker, takes its lock and tidies up what a crash left behind.
    /// </summary>
    /// <exception cref="Model.HoldfastException">No such place, another source's place, locked, or not writable.</exception>
    Task<IBackupRun> BeginAsync(RunRequest request, CancellationToken cancellationToken);
}
