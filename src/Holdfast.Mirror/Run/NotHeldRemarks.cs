using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Run;

/// <summary>Says once a kind what lies in the record alone.</summary>
internal static class NotHeldRemarks
{
    public static void AddNotHeld(this Remarks remarks, EntryType type) => remarks.Add(type == EntryType.Symlink
        ? "{0} new symlinks cannot lie in mirror/ here; the record holds them, and a restore makes them again"
        : "{0} new special files cannot lie in mirror/ here; the record holds them, and a restore makes them again");
}
