namespace Holdfast.Cli.Output;

/// <summary>An object each time, on standard error, so that standard output holds results only.</summary>
internal sealed class JsonProgressLine(TextWriter output) : IProgressLine
{
    public void Show(ProgressState state) => output.WriteLine(JsonLine.ToText(json =>
    {
        json.WriteString("type", "progress");
        json.WriteNumber("seconds", Math.Round(state.Elapsed.TotalSeconds, 1));
        json.WriteNumber("files_seen", state.FilesSeen);
        json.WriteNumber("files_done", state.FilesDone);
        json.WriteNumber("bytes_done", state.BytesDone);
        if (state.BytesToRead is { } all)
            json.WriteNumber("bytes_to_read", all);
        json.WriteNumber("missing", state.Missing);
        json.WriteString("current", state.Current);
    }));

    public void Clear()
    {
    }
}
