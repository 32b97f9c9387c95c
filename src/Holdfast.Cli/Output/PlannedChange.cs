using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>What a dry run would do to one path of one target.</summary>
internal sealed record PlannedChange(string Target, Change Change)
{
    /// <summary>The kind of change, in one word; null when nothing would show.</summary>
    public string? Kind => Change switch
    {
        { Kind: ChangeKind.New } => "new",
        { Kind: ChangeKind.Changed, Known.Holding: Holding.Lost } => "mended",
        { Kind: ChangeKind.Changed } => "changed",
        { Kind: ChangeKind.Metadata } => "metadata",
        { Kind: ChangeKind.Moved } => "moved",
        { Kind: ChangeKind.Deleted, Known.Holding: Holding.Foreign } => "foreign",
        { Kind: ChangeKind.Deleted } => "deleted",
        _ => null,
    };
}
