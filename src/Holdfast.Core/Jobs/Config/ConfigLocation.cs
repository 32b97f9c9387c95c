namespace Holdfast.Core.Jobs.Config;

/// <summary>Where a config is looked for.</summary>
public static class ConfigLocation
{
    private static readonly string[] Names = ["holdfast.yaml", "holdfast.json"];

    /// <summary>The places, in the order they are looked at.</summary>
    public static IReadOnlyList<string> Candidates(ConfigEnvironment environment) =>
    [
        .. from folder in new[] { environment.WorkingFolder, environment.ProgramFolder, environment.UserConfigFolder }
           from name in Names
           select Path.Combine(folder, name),
    ];

    /// <summary>The config to use, or null when there is none.</summary>
    /// <param name="named">The one that was asked for, or null to look.</param>
    /// <param name="environment">Knows the folders.</param>
    /// <returns>An absolute path.</returns>
    /// <exception cref="ConfigException">The one that was asked for is not there.</exception>
    public static string? Find(string? named, ConfigEnvironment environment)
    {
        if (named is null)
            return Candidates(environment).FirstOrDefault(File.Exists);
        var path = Path.GetFullPath(named, environment.WorkingFolder);
        if (Directory.Exists(path))
            throw new ConfigException($"the config '{named}' is a folder.", $"Name the file: --config {Path.Combine(named, Names[0])}");
        // A pipe is a config too, so this asks for anything by that name, not for a regular file.
        return File.Exists(path) ? path : throw new ConfigException($"there is no config '{named}'.", "'holdfast init --config FILE' writes one.");
    }
}
