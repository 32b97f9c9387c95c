namespace Holdfast.Cli.Packaging;

/// <summary>What a package holds now.</summary>
/// <param name="Folder">Its folder, absolute.</param>
/// <param name="Program">Name of the program in it.</param>
/// <param name="Bytes">The program's size.</param>
/// <param name="Job">The job of the config that was written; null when there was one already, which stayed as it was.</param>
internal sealed record Packaged(string Folder, string Program, long Bytes, string? Job);
