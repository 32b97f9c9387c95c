using System.Globalization;
using System.Text;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>
/// Entries, one a line. Into a pipe names go as they are, byte by byte; on a terminal control characters and bytes that are
/// not UTF-8 are shown as \xNN. Folders end in '/'.
/// </summary>
internal sealed class EntryText(Stream output, bool details, bool endWithNul, bool isTerminal) : IPrinter<SnapshotEntry>
{
    private readonly StringBuilder _line = new();

    public void Print(SnapshotEntry item)
    {
        var entry = item.Entry;
        if (details)
            WriteDetails(entry);
        WriteName(entry.Path.Bytes);
        if (entry.Type == EntryType.Folder)
            output.WriteByte((byte)'/');
        if (details && entry.LinkTarget is { } target)
        {
            output.Write(" -> "u8);
            WriteName(target);
        }
        output.WriteByte(endWithNul ? (byte)0 : (byte)'\n');
    }

    public void Finish()
    {
    }

    private void WriteName(ReadOnlySpan<byte> name)
    {
        if (isTerminal && !endWithNul)
            output.Write(Encoding.UTF8.GetBytes(PathText.ForPeople(name)));
        else
            output.Write(name);
    }

    private void WriteDetails(Entry entry)
    {
        _line.Clear();
        _line.Append(ModeText.Of(entry.Type, entry.Mode)).Append(' ');
        _line.Append(CultureInfo.InvariantCulture, $"{entry.User ?? entry.UserId.ToString(CultureInfo.InvariantCulture),-8} ");
        _line.Append(CultureInfo.InvariantCulture, $"{entry.Group ?? entry.GroupId.ToString(CultureInfo.InvariantCulture),-8} ");
        _line.Append(CultureInfo.InvariantCulture, $"{(entry.Device is { } d ? $"{d.Major}, {d.Minor}" : entry.Size.ToString(CultureInfo.InvariantCulture)),12} ");
        _line.Append(Sizes.Time(entry.Modified.ToDateTimeOffset())).Append(' ');
        output.Write(Encoding.UTF8.GetBytes(_line.ToString()));
    }
}
