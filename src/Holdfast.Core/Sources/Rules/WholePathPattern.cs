using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>A pattern with '/' in it: it speaks of the whole path from the source's root. Its literal start is compared first.</summary>
internal sealed class WholePathPattern : INamePattern
{
    private readonly byte[] _start;
    private readonly Glob? _rest;
    private readonly int _deepest;

    private WholePathPattern(byte[] start, Glob? rest, int deepest)
    {
        _start = start;
        _rest = rest;
        _deepest = deepest;
    }

    public static WholePathPattern Compile(ReadOnlySpan<byte> pattern)
    {
        if (pattern[0] == '/')
            pattern = pattern[1..];
        var literal = GlobParser.LiteralLength(pattern);
        var rest = literal == pattern.Length ? null : GlobParser.Parse(pattern[literal..], path: true);
        return new WholePathPattern(pattern[..literal].ToArray(), rest, rest is { IsDeep: true } ? int.MaxValue : pattern.Count((byte)'/') + 1);
    }

    public bool Matches(ReadOnlySpan<byte> path) =>
        path.StartsWith(_start) && (_rest is null ? path.Length == _start.Length : _rest.Matches(path[_start.Length..]));

    public bool MayMatchBelow(EntryPath folder)
    {
        if (folder.Depth >= _deepest)
            return false;
        var bytes = folder.Bytes;
        return _start.Length > bytes.Length
            ? _start[bytes.Length] == '/' && _start.AsSpan().StartsWith(bytes)
            : _rest is not null && bytes.StartsWith(_start);
    }
}
