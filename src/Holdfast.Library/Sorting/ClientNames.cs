using Holdfast.Core.Model;

namespace Holdfast.Library.Sorting;

/// <summary>The names that a client's job brought, and what became of those that came just now.</summary>
/// <param name="Client">Whose.</param>
/// <param name="Job">Of which job.</param>
/// <param name="FileOf">Where the file lies that came with a name just now; null for all other names.</param>
/// <param name="Moved">Is told of a name that became another one, and where its file lies now; null when that stayed where it was.</param>
public sealed record ClientNames(string Client, string Job, Func<EntryPath, EntryPath?> FileOf, Action<EntryPath, EntryPath, EntryPath?> Moved);
