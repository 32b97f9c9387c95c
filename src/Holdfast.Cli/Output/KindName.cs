using Holdfast.Core.Model;

namespace Holdfast.Cli.Output;

/// <summary>What an entry is, in one word.</summary>
internal static class KindName
{
    public static string Of(EntryType type) => type switch
    {
        EntryType.File => "file",
        EntryType.Folder => "folder",
        EntryType.Symlink => "symlink",
        EntryType.Fifo => "fifo",
        EntryType.Socket => "socket",
        EntryType.CharDevice => "char device",
        _ => "block device",
    };
}
