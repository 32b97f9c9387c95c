using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;

namespace Holdfast.Cli.Runs;

/// <summary>The list that --files-from names.</summary>
internal static class FileList
{
    /// <summary>Reads it. A NUL anywhere means that NULs end the names, otherwise lines do.</summary>
    /// <param name="file">A path, or "-" for standard input.</param>
    /// <param name="sources">Absolute paths of the sources: an absolute path in the list must lie below one.</param>
    /// <exception cref="HoldfastException">It cannot be read, or names something outside the source.</exception>
    public static PathSet Read(string file, IReadOnlyList<string> sources)
    {
        var bytes = Bytes(file);
        var end = bytes.Contains((byte)0) ? (byte)0 : (byte)'\n';
        var paths = new List<EntryPath>();
        foreach (var range in bytes.AsSpan().Split(end))
            if (!bytes.AsSpan(range).IsEmpty)
                paths.Add(Relative(bytes.AsSpan(range), sources));
        return new PathSet(paths);
    }

    private static byte[] Bytes(string file)
    {
        try
        {
            if (file != "-")
                return File.ReadAllBytes(file);
            using var memory = new MemoryStream();
            using var input = Console.OpenStandardInput();
            input.CopyTo(memory);
            return memory.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoldfastException(ErrorKind.Usage, $"--files-from: {e.Message}", inner: e);
        }
    }

    private static EntryPath Relative(ReadOnlySpan<byte> line, IReadOnlyList<string> sources)
    {
        try
        {
            var path = EntryPath.From(line.TrimStart((byte)'/'));
            if (line[0] != '/')
                return path;
            foreach (var source in sources)
                if (path.IsAtOrUnder(EntryPath.From(source.TrimStart('/'))))
                    return path.RelativeTo(EntryPath.From(sources.Count == 1 ? source.TrimStart('/') : Path.GetDirectoryName(source)!.TrimStart('/')));
            throw new HoldfastException(ErrorKind.Usage, $"--files-from: '/{path}' lies outside the source.");
        }
        catch (ArgumentException e)
        {
            throw new HoldfastException(ErrorKind.Usage, $"--files-from: {e.Message}", inner: e);
        }
    }
}
