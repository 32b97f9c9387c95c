using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Testing.PowerLoss;

/// <summary>One change to what an inode carries beside its bytes.</summary>
public abstract record MetadataChange
{
    private MetadataChange()
    {
    }

    internal abstract void ApplyTo(IFolder folder, EntryPath name, bool isSymlink);

    public sealed record Mode(int Bits) : MetadataChange
    {
        internal override void ApplyTo(IFolder folder, EntryPath name, bool isSymlink)
        {
            if (!isSymlink)
                folder.SetMode(name, Bits);
        }

        public override string ToString() => "mode " + Convert.ToString(Bits, 8);
    }

    public sealed record Owner(uint UserId, uint GroupId) : MetadataChange
    {
        internal override void ApplyTo(IFolder folder, EntryPath name, bool isSymlink) => folder.SetOwner(name, UserId, GroupId);

        public override string ToString() => $"owner {UserId}:{GroupId}";
    }

    public sealed record Modified(Timestamp Time) : MetadataChange
    {
        internal override void ApplyTo(IFolder folder, EntryPath name, bool isSymlink) => folder.SetModified(name, Time);

        public override string ToString() => $"mtime {Time}";
    }

    public sealed record Attribute(byte[] Name, byte[]? Value) : MetadataChange
    {
        internal override void ApplyTo(IFolder folder, EntryPath name, bool isSymlink)
        {
            if (Value is not null)
                folder.SetAttribute(name, new ExtendedAttribute(Name, Value));
            else if (folder.ReadAttributes(name).Items.ToArray().Any(a => a.Name.AsSpan().SequenceEqual(Name)))
                folder.RemoveAttribute(name, Name);
        }

        public override string ToString() =>
            $"attribute {Encoding.UTF8.GetString(Name)} {(Value is null ? "removed" : "= " + Convert.ToHexStringLower(Value))}";
    }
}
