namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast library</c>: what is done to a library itself.</summary>
internal static class LibraryCommand
{
    public static Verb Create()
    {
        var verb = new Verb("library", "Look after a library that people sort by hand");
        verb.Add(LibraryScanCommand.Create());
        verb.Add(LibraryUndeleteCommand.Create());
        return verb;
    }
}
