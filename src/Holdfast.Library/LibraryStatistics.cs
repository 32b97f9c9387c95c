namespace Holdfast.Library;

/// <summary>Counts of a library, as its index knows them.</summary>
/// <param name="Files">Files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Contents">Different contents among them.</param>
/// <param name="ContentBytes">The bytes of those, each once.</param>
/// <param name="Names">Names that clients uploaded.</param>
/// <param name="Deleted">Contents that were deleted for good.</param>
public sealed record LibraryStatistics(long Files, long Bytes, long Contents, long ContentBytes, long Names, long Deleted);
