using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Http;

/// <summary>Where a server holds a content, looked at just now.</summary>
internal sealed record HeldFile(ContentId Content, EntryPath Path, FileStat Stat);
