using Holdfast.Core.Model;

namespace Holdfast.Cli.Output;

/// <summary>A dry run's plan, a line a path, under the name of its target.</summary>
internal sealed class ChangeText(TextWriter output) : IPrinter<PlannedChange>
{
    public void Print(PlannedChange item)
    {
        if (item.Kind is not { } kind)
            return;
        var entry = item.Change.Entry;
        var slash = entry.Type == EntryType.Folder && !entry.Path.IsRoot ? "/" : "";
        var from = item.Change.MovedFrom is { } old ? $" (from {old})" : "";
        output.WriteLine($"{kind,-8}  {entry.Path}{slash}{from}");
    }

    public void Finish()
    {
    }
}
