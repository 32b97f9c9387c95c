using Holdfast.Core.Model;

namespace Holdfast.Mirror.Record;

/// <summary>
/// The path of a line without reading the line as JSON. Only for lines in the form that <see cref="RecordWriter"/> gives
/// them: the kind first, then the path; of any other form it says nothing.
/// </summary>
internal static class RawPath
{
    /// <summary>False when the line has another form, or its path an escape that only a JSON reader undoes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> path)
    {
        path = default;
        if (!line.StartsWith("{\"kind\":\""u8))
            return false;
        var rest = line["{\"kind\":\""u8.Length..];
        var kindEnds = rest.IndexOf((byte)'"');
        if (kindEnds < 0 || !rest[kindEnds..].StartsWith("\",\"path\":\""u8))
            return false;
        rest = rest[(kindEnds + "\",\"path\":\""u8.Length)..];
        var end = rest.IndexOf((byte)'"');
        if (end < 0 || rest[..end].Contains((byte)'\\'))
            return false;
        path = rest[..end];
        if (path is [(byte)'.'])
            path = default;
        else if (path.Contains((byte)'%'))
            path = PathText.Decode(path);
        return true;
    }
}
