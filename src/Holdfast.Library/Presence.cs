using Holdfast.Core.Model;

namespace Holdfast.Library;

/// <summary>Whether a library holds a content.</summary>
/// <param name="Kind">Whether.</param>
/// <param name="Path">Where, when it is held.</param>
public sealed record Presence(PresenceKind Kind, EntryPath? Path)
{
    /// <summary>It is not there.</summary>
    public static Presence Missing { get; } = new(PresenceKind.Missing, null);

    /// <summary>Somebody deleted it for good.</summary>
    public static Presence Deleted { get; } = new(PresenceKind.DeletedForGood, null);
}

/// <summary>Whether a library holds a content.</summary>
public enum PresenceKind
{
    /// <summary>It is not there and may be sent.</summary>
    Missing,

    /// <summary>It is there: looked at now.</summary>
    Held,

    /// <summary>It was deleted and is not wanted again, until that is undone.</summary>
    DeletedForGood,
}
