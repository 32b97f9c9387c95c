using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.Repairing;

/// <summary>All that is left to tell what became of one path in a run whose record is lost.</summary>
/// <param name="Path">The path.</param>
/// <param name="Before">What the snapshot before lists; null when nothing.</param>
/// <param name="BroughtBefore">Number of the increment that brought the contents of that.</param>
/// <param name="Track">What lies under track/ of the increment.</param>
/// <param name="Gone">What lies under deleted/ of it.</param>
/// <param name="Next">The next thing a later record says.</param>
/// <param name="IsHidden">True when a later increment whose record is lost too did something to the path first.</param>
/// <param name="Now">What lies in mirror/.</param>
internal sealed record PathTrace(EntryPath Path, Entry? Before, long BroughtBefore, FileStat? Track, FileStat? Gone, RecordLine? Next, bool IsHidden, FileStat? Now);
