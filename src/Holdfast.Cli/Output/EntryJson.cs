using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>Entries, one object each.</summary>
internal sealed class EntryJson(Stream output) : IPrinter<SnapshotEntry>
{
    public void Print(SnapshotEntry item) => JsonLine.Write(output, json =>
    {
        var entry = item.Entry;
        json.WriteString("type", "entry");
        json.WritePath("path", entry.Path.Bytes);
        json.WriteString("kind", KindName.Of(entry.Type));
        json.WriteNumber("size", entry.Size);
        json.WriteString("mtime", entry.Modified.ToString());
        json.WriteString("mode", Convert.ToString(entry.Mode, 8).PadLeft(4, '0'));
        json.WriteNumber("uid", entry.UserId);
        json.WriteNumber("gid", entry.GroupId);
        json.WriteString("user", entry.User);
        json.WriteString("group", entry.Group);
        if (entry.LinkTarget is { } target)
            json.WritePath("link_target", target);
        if (entry.Device is { } device)
            json.WriteString("device", $"{device.Major}:{device.Minor}");
        if (entry.LinkedWith is { } first)
            json.WritePath("linked_with", first.Bytes);
        if (entry.Content is { } content)
            json.WriteString("sha256", content.ToString());
        json.WriteBoolean("tracked", entry.Tracked);
    });

    public void Finish()
    {
    }
}
