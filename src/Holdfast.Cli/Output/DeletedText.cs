using Holdfast.Core.Model;

namespace Holdfast.Cli.Output;

/// <summary>What was deleted for good, for people.</summary>
internal sealed class DeletedText(TextWriter output) : IPrinter<(ContentId Content, EntryPath? Path)>
{
    public void Print((ContentId Content, EntryPath? Path) item) => output.WriteLine($"{item.Content}  {item.Path}");

    public void Finish()
    {
    }
}
