namespace Holdfast.Core.Model;

/// <summary>Which optional fields follow in the binary form of an entry.</summary>
[Flags]
internal enum EntryFields
{
    None = 0,
    User = 1,
    Group = 2,
    LinkTarget = 4,
    Device = 8,
    Attributes = 16,
    LinkedWith = 32,
    MountPoint = 64,
    Content = 128,
    Tracked = 256,
    Identity = 512,
    Born = 1024,
    Sparse = 2048,
}
