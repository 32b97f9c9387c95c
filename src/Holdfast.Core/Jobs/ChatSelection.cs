namespace Holdfast.Core.Jobs;

/// <summary>A chat of an archive job.</summary>
/// <param name="Chat">Its number or @name.</param>
/// <param name="Range">Two message ids between which to archive, newest first, 0 for no end; empty for all.</param>
public sealed record ChatSelection(string Chat, IReadOnlyList<int> Range);
