namespace Holdfast.Cli.Output;

/// <summary>A plain line each time, for logs.</summary>
internal sealed class PlainProgressLine(TextWriter output) : IProgressLine
{
    public void Show(ProgressState state) => output.WriteLine(ProgressText.Of(state));

    public void Clear()
    {
    }
}
