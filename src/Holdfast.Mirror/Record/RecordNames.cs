using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Record;

/// <summary>The words of a record.</summary>
internal static class RecordNames
{
    public static string Of(ChangeKind kind) => kind switch
    {
        ChangeKind.New => "new",
        ChangeKind.Changed => "changed",
        ChangeKind.Metadata => "metadata",
        ChangeKind.Moved => "moved",
        ChangeKind.Deleted => "deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not part of a record."),
    };

    public static ChangeKind Kind(string text) => text switch
    {
        "new" => ChangeKind.New,
        "changed" => ChangeKind.Changed,
        "metadata" => ChangeKind.Metadata,
        "moved" => ChangeKind.Moved,
        "deleted" => ChangeKind.Deleted,
        _ => throw new FormatException($"'{text}' is no kind of change."),
    };

    public static string Of(EntryType type) => type switch
    {
        EntryType.File => "file",
        EntryType.Folder => "folder",
        EntryType.Symlink => "symlink",
        EntryType.Fifo => "fifo",
        EntryType.Socket => "socket",
        EntryType.CharDevice => "char-device",
        _ => "block-device",
    };

    public static EntryType Type(string text) => text switch
    {
        "file" => EntryType.File,
        "folder" => EntryType.Folder,
        "symlink" => EntryType.Symlink,
        "fifo" => EntryType.Fifo,
        "socket" => EntryType.Socket,
        "char-device" => EntryType.CharDevice,
        "block-device" => EntryType.BlockDevice,
        _ => throw new FormatException($"'{text}' is no type of entry."),
    };
}
