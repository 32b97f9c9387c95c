using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Output;

/// <summary>What a dry run of a restore would do to one path.</summary>
internal sealed record RestoreStep(EntryPath Path, RestoreAction Action)
{
    /// <summary>In one word; null when nothing would happen.</summary>
    public string? Word => Action switch
    {
        RestoreAction.Create => "create",
        RestoreAction.Replace => "replace",
        RestoreAction.SetMetadata => "metadata",
        RestoreAction.Keep => "keep",
        RestoreAction.Remove => "remove",
        _ => null,
    };
}
