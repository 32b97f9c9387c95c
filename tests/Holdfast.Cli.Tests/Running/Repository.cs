namespace Holdfast.Cli.Tests.Running;

/// <summary>The repository the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx")))
                return folder.FullName;
        throw new InvalidOperationException("The tests do not lie in the repository.");
    }
}
