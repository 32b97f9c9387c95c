namespace Holdfast.Cli.Output;

/// <summary>One way to show how far a run is.</summary>
internal interface IProgressLine
{
    void Show(ProgressState state);

    /// <summary>Removes what would be in the way of what comes next.</summary>
    void Clear();
}
