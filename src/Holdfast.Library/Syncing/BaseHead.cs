using System.Text.Json.Serialization;

namespace Holdfast.Library.Syncing;

/// <summary>
/// Which lines are the last common base, and the mark that both sides carry then. Sample:
/// <code>{"Path":"/home/ann/Photos","Mark":"…","Files":12,"IsSealed":true}</code>
/// </summary>
/// <param name="Path">Where the folder lay.</param>
/// <param name="Mark">Names the lines; 32 hexadecimal digits.</param>
/// <param name="Files">How many lines there are.</param>
internal sealed record BaseHead(string Path, string Mark, int Files)
{
    /// <summary>The folders below it that other file systems were mounted at, percent-encoded; null when nobody looked.</summary>
    public IReadOnlyList<string>? Mounts { get; init; }

    /// <summary>True when both sides were given the mark.</summary>
    public bool IsSealed { get; init; }

    /// <summary>Until then, the mark the folder may carry instead.</summary>
    public string? FolderMark { get; init; }

    /// <summary>Until then, the mark the library may carry instead.</summary>
    public string? LibraryMark { get; init; }

    public bool Takes(SyncMarks marks) => Takes(marks.Folder, FolderMark) && Takes(marks.Library, LibraryMark);

    private bool Takes(string? mark, string? before) => mark == Mark || (!IsSealed && mark == before);
}

/// <summary>The marks that the sides carry; null where there is none.</summary>
internal sealed record SyncMarks(string? Folder, string? Library);

/// <summary>How the head lies in its file.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BaseHead))]
internal sealed partial class SyncJson : JsonSerializerContext;
