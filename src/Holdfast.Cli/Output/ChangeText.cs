using Holdfast.Core.Model;

namespace Holdfast.Cli.Output;

/// <summary>A dry run's plan, a line a path; with several targets, a line for each.</summary>
internal sealed class ChangeText(TextWriter output, bool namesTarget) : IPrinter<PlannedChange>
{
    public void Print(PlannedChange item)
    {
        if (item.Kind is not { } kind)
            return;
        var entry = item.Change.Entry;
        var slash = entry.Type == EntryType.Folder && !entry.Path.IsRoot ? "/" : "";
        var from = item.Change.MovedFrom is { } old ? $" (from {old})" : "";
        output.WriteLine($"{kind,-8}  {entry.Path}{slash}{from}{(namesTarget ? $"  in {item.Target}" : "")}");
    }

    public void Finish()
    {
    }
}
