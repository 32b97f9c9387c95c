namespace Holdfast.Server.Access;

/// <summary>What a token may do; each may do what those before it may.</summary>
public enum Scope
{
    /// <summary>Look and download.</summary>
    Read,

    /// <summary>Add, but never replace or remove.</summary>
    Append,

    /// <summary>Everything.</summary>
    Full,
}
