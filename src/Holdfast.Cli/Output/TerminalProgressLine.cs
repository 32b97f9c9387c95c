namespace Holdfast.Cli.Output;

/// <summary>A line that is written over, cut to the terminal's width.</summary>
internal sealed class TerminalProgressLine(TextWriter terminal, Func<int> columns) : IProgressLine
{
    private const string ToStartAndErase = "\r\e[K"; // ECMA-48: carriage return, erase to the end of the line

    public void Show(ProgressState state)
    {
        // The last column stays free: some terminals wrap as soon as it is used.
        var width = columns() - 1;
        var text = ProgressText.Of(state);
        if (text.Length > width)
            text = text[..Math.Max(0, width)];
        var room = width - text.Length - 1;
        const int usefulRoom = 8;
        if (state.Current is { } current && room >= usefulRoom)
            text += " " + DisplayWidth.Tail(current, room);
        terminal.Write(ToStartAndErase + text);
    }

    public void Clear() => terminal.Write(ToStartAndErase);
}
