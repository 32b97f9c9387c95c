using Holdfast.Core.Engine;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Runs;

/// <summary>A job as it is about to run, whether it stands in the config or was typed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Client">The client's name.</param>
/// <param name="Sources">Absolute paths.</param>
/// <param name="Targets">Where to.</param>
/// <param name="Options">How.</param>
/// <param name="IsAdHoc">True when it was typed.</param>
/// <param name="PlaceId">The place's id, when the config states it.</param>
internal sealed record RunnableJob(
    string Name,
    string Client,
    IReadOnlyList<string> Sources,
    IReadOnlyList<IBackupTarget> Targets,
    BackupOptions Options,
    bool IsAdHoc,
    string? PlaceId);
