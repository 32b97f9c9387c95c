namespace Holdfast.Core.Jobs.Config;

/// <summary>Paths as people write them.</summary>
public static class PathValue
{
    /// <summary>Makes a path absolute: <c>~</c> is the home folder, all else is relative to <paramref name="baseFolder"/>. Symlinks are left alone.</summary>
    /// <exception cref="FormatException">It is empty, or begins with another user's <c>~name</c>.</exception>
    public static string Absolute(string path, string baseFolder, ConfigEnvironment environment)
    {
        if (path.Length == 0)
            throw new FormatException("a path is empty");
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new FormatException("a path cannot hold a NUL character");
        if (path is "~")
            path = environment.Home;
        else if (path.StartsWith("~/", StringComparison.Ordinal))
            path = Path.Combine(environment.Home, path[2..].TrimStart('/'));
        else if (path[0] == '~')
            throw new FormatException($"'{path}': only ~ and ~/… are understood; write the whole path, or ./{path} for a name that begins with ~");
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, baseFolder));
    }
}
