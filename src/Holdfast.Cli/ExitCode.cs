namespace Holdfast.Cli;

/// <summary>How a command ends. The numbers are part of the interface and stand in every command's help.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>The run is done, but some files are missing from it.</summary>
    public const int Incomplete = 3;
    public const int NoPlace = 10;
    public const int Locked = 11;
    public const int WrongPassword = 12;
    public const int Interrupted = 130;

    /// <summary>The meaning of a code, for help.</summary>
    public static string Describe(int code) => code switch
    {
        Done => "done",
        Failed => "failed",
        Usage => "usage or config",
        Incomplete => "done, but some files are missing from it",
        NoPlace => "no such repository or place",
        Locked => "locked",
        WrongPassword => "wrong password",
        Interrupted => "interrupted",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not a code of Holdfast."),
    };

    /// <summary>Of several jobs or targets: a failure outweighs missing files, and the first failure counts.</summary>
    public static int Worse(int first, int second)
    {
        if (first is Done or Incomplete)
            return second == Done ? first : second;
        return first;
    }
}
