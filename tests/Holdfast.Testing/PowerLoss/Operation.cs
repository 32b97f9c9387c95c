using System.Globalization;
using Holdfast.Core.Model;

namespace Holdfast.Testing.PowerLoss;

/// <summary>
/// One change that a program asked the file system for. Files and folders are named by a number that stays the same
/// whatever becomes of their names (an inode that is never used again); names are one component.
/// </summary>
public abstract record Operation
{
    private Operation()
    {
    }

    /// <summary>Changes the names in folders.</summary>
    public abstract record OfNames(int Node, int Folder, EntryPath Name) : Operation;

    /// <summary>Changes the bytes of a file, whatever its names.</summary>
    public abstract record OfData(int Node) : Operation;

    /// <summary>A new inode with its first name.</summary>
    public sealed record Create(int Node, int Folder, EntryPath Name, EntryType Type, IReadOnlyList<MetadataChange> Metadata, byte[]? LinkTarget, DeviceNumber Device)
        : OfNames(Node, Folder, Name)
    {
        public override string ToString() => $"create {Type} {Shown(Folder, Name)} as #{Node}";
    }

    /// <summary>A further name.</summary>
    public sealed record Link(int Node, int FromFolder, EntryPath FromName, int Folder, EntryPath Name) : OfNames(Node, Folder, Name)
    {
        public override string ToString() => $"link #{Node} from {Shown(FromFolder, FromName)} to {Shown(Folder, Name)}";
    }

    /// <summary>Another name instead of the old one; atomic, as on every journaling file system.</summary>
    public sealed record Rename(int Node, int FromFolder, EntryPath FromName, int Folder, EntryPath Name, bool Replace) : OfNames(Node, Folder, Name)
    {
        public override string ToString() => $"rename #{Node} from {Shown(FromFolder, FromName)} to {Shown(Folder, Name)}";
    }

    /// <summary>A name less.</summary>
    public sealed record Remove(int Node, int Folder, EntryPath Name) : OfNames(Node, Folder, Name)
    {
        public override string ToString() => $"remove #{Node} from {Shown(Folder, Name)}";
    }

    /// <summary>Bytes at a position.</summary>
    public sealed record Write(int Node, long Position, byte[] Bytes, bool IsClone) : OfData(Node)
    {
        public override string ToString() => $"{(IsClone ? "clone into" : "write to")} #{Node} {Bytes.Length} bytes at {Position}";
    }

    /// <summary>A new size.</summary>
    public sealed record SetSize(int Node, long Size) : OfData(Node)
    {
        public override string ToString() => $"set size of #{Node} to {Size}";
    }

    /// <summary>Mode, owner, time or an attribute.</summary>
    public sealed record Change(int Node, MetadataChange What) : Operation
    {
        public override string ToString() => $"change #{Node}: {What}";
    }

    /// <summary>fsync of a file.</summary>
    public sealed record SyncFile(int Node) : Operation
    {
        public override string ToString() => $"sync file #{Node}";
    }

    /// <summary>fsync of a folder.</summary>
    public sealed record SyncFolder(int Node) : Operation
    {
        public override string ToString() => $"sync folder #{Node}";
    }

    /// <summary>syncfs.</summary>
    public sealed record Barrier : Operation
    {
        public override string ToString() => "barrier";
    }

    private static string Shown(int folder, EntryPath name) => string.Create(CultureInfo.InvariantCulture, $"#{folder}/'{name}'");
}
