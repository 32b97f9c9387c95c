using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>A pattern without '/': it speaks of the last component, in any folder.</summary>
internal static class LastNamePattern
{
    public static INamePattern Compile(ReadOnlySpan<byte> pattern)
    {
        if (GlobParser.LiteralLength(pattern) == pattern.Length)
            return new Exact(pattern.ToArray());
        if (pattern[0] == '*' && GlobParser.LiteralLength(pattern[1..]) == pattern.Length - 1)
            return new Suffix(pattern[1..].ToArray());
        return new Wild(GlobParser.Parse(pattern, path: false));
    }

    private sealed class Exact(byte[] name) : INamePattern
    {
        public bool Matches(ReadOnlySpan<byte> path) =>
            path.EndsWith(name) && (path.Length == name.Length || path[path.Length - name.Length - 1] == '/');

        public bool MayMatchBelow(EntryPath folder) => true;
    }

    private sealed class Suffix(byte[] suffix) : INamePattern
    {
        // The suffix holds no '/', so it lies within the last component.
        public bool Matches(ReadOnlySpan<byte> path) => path.EndsWith(suffix);

        public bool MayMatchBelow(EntryPath folder) => true;
    }

    private sealed class Wild(Glob glob) : INamePattern
    {
        public bool Matches(ReadOnlySpan<byte> path) => glob.Matches(path[(path.LastIndexOf((byte)'/') + 1)..]);

        public bool MayMatchBelow(EntryPath folder) => true;
    }
}
