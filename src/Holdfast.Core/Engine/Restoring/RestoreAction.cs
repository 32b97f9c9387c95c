namespace Holdfast.Core.Engine.Restoring;

/// <summary>What a restore does about one path.</summary>
public enum RestoreAction
{
    /// <summary>Nothing was there.</summary>
    Create,

    /// <summary>What is there gives way.</summary>
    Replace,

    /// <summary>Only metadata differs.</summary>
    SetMetadata,

    /// <summary>It is there already, exactly so.</summary>
    Nothing,

    /// <summary>Something else is there and stays, by the overwrite mode.</summary>
    Keep,

    /// <summary>The snapshot does not have it: it goes.</summary>
    Remove,
}
