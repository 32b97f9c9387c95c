namespace Holdfast.Core.Model;

/// <summary>Sorts of failure, each with the exit code of DESIGN section 8.</summary>
public enum ErrorKind
{
    /// <summary>The work could not be done.</summary>
    Failed = 1,

    /// <summary>The command or the config is wrong.</summary>
    Usage = 2,

    /// <summary>There is no place, or not the one that is meant.</summary>
    NoPlace = 10,

    /// <summary>Another run is at work there.</summary>
    Locked = 11,

    /// <summary>A password or passphrase does not fit.</summary>
    WrongPassword = 12,
}
