using Holdfast.Core.Engine.Finding;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>The past of paths: a table for each, a row for each snapshot that changed it.</summary>
internal sealed class HistoryText(TextWriter output) : IPrinter<Found>
{
    private const int Sha256Digits = 12;

    private readonly List<Found> _versions = [];
    private int _paths, _total;

    public void Print(Found item)
    {
        if (_versions.Count > 0 && _versions[0].Path != item.Path)
            PrintPath();
        _versions.Add(item);
    }

    public void Finish()
    {
        if (_versions.Count > 0)
            PrintPath();
        output.WriteLine(_total == 0 ? "nothing found" : $"{Sizes.Count(_total, "version")} of {Sizes.Count(_paths, "path")}");
    }

    private void PrintPath()
    {
        var path = _versions[0].Path;
        output.WriteLine($"{path}{(_versions[^1].Entry.Type == EntryType.Folder && !path.IsRoot ? "/" : "")}");
        var table = new Table("  Snapshot", "Change", ">Size", "Modified", "SHA-256", "Bytes");
        foreach (var item in _versions)
        {
            table.Add(
                $"  {item.Version.From.Id}",
                ChangeOf(item.Version),
                FoundText.SizeOf(item.Entry),
                Sizes.Time(item.Entry.Modified.ToDateTimeOffset()),
                item.Entry.Content is { } content ? content.ToString()[..Sha256Digits] : "",
                item.IsHeld switch { true => "there", false => "GONE", null => "" });
            if (item.Version is { EndsDeleted: true, Until: { } until })
                table.Add($"  {until.Id}", "deleted", "", "", "", "");
        }
        table.Write(output);
        _paths++;
        _total += _versions.Count;
        _versions.Clear();
    }

    private static string ChangeOf(PathVersion version) =>
        version.Kind.ToString().ToLowerInvariant() + (version.MovedFrom is { } from ? $" from {from}" : "");
}
