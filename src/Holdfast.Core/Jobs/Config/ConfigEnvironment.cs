namespace Holdfast.Core.Jobs.Config;

/// <summary>What the config takes from the machine and the process.</summary>
public sealed record ConfigEnvironment
{
    /// <summary>An environment variable, or null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The user's home folder.</summary>
    public required string Home { get; init; }

    /// <summary>What relative paths on the command line are relative to.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The folder of the program.</summary>
    public required string ProgramFolder { get; init; }

    /// <summary>The machine's name.</summary>
    public required string HostName { get; init; }

    /// <summary>That of this process.</summary>
    public static ConfigEnvironment OfProcess() => new()
    {
        Variable = Environment.GetEnvironmentVariable,
        Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
        WorkingFolder = Environment.CurrentDirectory,
        ProgramFolder = AppContext.BaseDirectory,
        HostName = Environment.MachineName,
    };

    /// <summary>Where the client's state lies unless the config says otherwise (XDG Base Directory Specification).</summary>
    public string DefaultStateFolder => Path.Combine(Xdg("XDG_STATE_HOME", ".local/state"), "holdfast");

    /// <summary>The user's config folder (XDG Base Directory Specification).</summary>
    public string UserConfigFolder => Path.Combine(Xdg("XDG_CONFIG_HOME", ".config"), "holdfast");

    // The specification: a relative path in these variables is invalid and to be ignored.
    private string Xdg(string variable, string below) =>
        Variable(variable) is { Length: > 0 } path && Path.IsPathRooted(path) ? path : Path.Combine(Home, below);
}
