using Holdfast.Core.Engine.Finding;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Output;

/// <summary>What was found, one object each, in path order; then the totals.</summary>
internal sealed class FoundJson(Stream output) : IPrinter<Found>
{
    private long _versions, _files, _bytes, _gone;

    public void Print(Found item)
    {
        _versions++;
        if (item.Entry.Type == EntryType.File)
            _files++;
        _bytes += item.Entry.Size;
        if (item.IsHeld == false)
            _gone++;
        JsonLine.Write(output, json =>
        {
            json.WriteString("type", "found");
            json.WritePath("path", item.Path.Bytes);
            json.WriteString("kind", KindName.Of(item.Entry.Type));
            json.WriteNumber("size", item.Entry.Size);
            json.WriteString("mtime", item.Entry.Modified.ToString());
            if (item.Entry.Content is { } content)
                json.WriteString("sha256", content.ToString());
            json.WriteString("snapshot", item.Brought.Id);
            json.WriteString("change", item.Version.Kind.ToString().ToLowerInvariant());
            if (item.Version.MovedFrom is { } from)
                json.WritePath("moved_from", from.Bytes);
            json.WriteString("until", item.Version.Until?.Id);
            json.WriteBoolean("deleted", item.Version.EndsDeleted);
            json.WriteBoolean("tracked", item.Entry.Tracked);
            if (item.IsHeld is { } held)
                json.WriteBoolean("held", held);
        });
    }

    public void Finish() => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "total");
        json.WriteNumber("versions", _versions);
        json.WriteNumber("files", _files);
        json.WriteNumber("bytes", _bytes);
        json.WriteNumber("gone", _gone);
    });
}
