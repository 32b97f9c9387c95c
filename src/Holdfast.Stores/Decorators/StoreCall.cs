namespace Holdfast.Stores.Decorators;

/// <summary>What was asked of a store.</summary>
/// <param name="Verb">The call.</param>
/// <param name="Name">The object, or the folder of a list; null for none.</param>
public sealed record StoreCall(StoreVerb Verb, ObjectName? Name)
{
    /// <summary>Which bytes were to be read.</summary>
    public ByteRange Range { get; init; }

    /// <summary>What a put was to do with a name that is taken.</summary>
    public PutCondition? Condition { get; init; }

    /// <summary>True when the body of a put can be read again.</summary>
    public bool CanReplay { get; init; }
}

/// <summary>The calls of a store.</summary>
public enum StoreVerb
{
    /// <summary><see cref="IObjectReader.OpenAsync"/>.</summary>
    Open,

    /// <summary><see cref="IObjectReader.TryStatAsync"/>.</summary>
    Stat,

    /// <summary><see cref="IObjectList.ListAsync"/>.</summary>
    List,

    /// <summary><see cref="IObjectWriter.PutAsync"/>.</summary>
    Put,

    /// <summary><see cref="IObjectRemover.RemoveAsync"/>.</summary>
    Remove,

    /// <summary><see cref="IObjectBarrier.FlushAsync"/>.</summary>
    Flush,
}
