using System.Text;

namespace Holdfast.Core.Jobs.Config;

/// <summary>From a file's text to a <see cref="HoldfastConfig"/>, or to all that is wrong with it.</summary>
public static class ConfigLoader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Finds and loads the config; <see cref="HoldfastConfig.None"/> when there is none to find.</summary>
    /// <param name="named">The file that was asked for, or null to look for one.</param>
    /// <param name="environment">Null for this process.</param>
    /// <exception cref="ConfigException">The file that was asked for is not there, or something is wrong in the file.</exception>
    public static HoldfastConfig Load(string? named, ConfigEnvironment? environment = null)
    {
        environment ??= ConfigEnvironment.OfProcess();
        var path = ConfigLocation.Find(named, environment);
        return path is null ? HoldfastConfig.None(environment) : Parse(ReadText(path, environment), path, environment);
    }

    /// <summary>Reads a config's text.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="path">The file's absolute path; relative paths in it are relative to its folder.</param>
    /// <param name="environment">Null for this process.</param>
    /// <exception cref="ConfigException">Something is wrong in it; names everything that is.</exception>
    public static HoldfastConfig Parse(string text, string path, ConfigEnvironment? environment = null)
    {
        environment ??= ConfigEnvironment.OfProcess();
        var reading = new ConfigReading
        {
            File = Shown(path, environment),
            Folder = Path.GetDirectoryName(path) ?? "/",
            Environment = environment,
        };
        var root = YamlTree.Parse(text, reading.File);
        var contents = FileKeys.Section.Start;
        if (root is ConfigMap map)
            contents = FileKeys.Section.Read(map, reading);
        else
            reading.Report(root.Line, $"a config is a block of keys (jobs: …), not {root.What}");
        var config = ConfigAssembly.Assemble(contents, path, reading);
        return reading.Problems.Count == 0 ? config! : throw new ConfigException([.. reading.Problems.OrderBy(p => p.Where?.Line)]);
    }

    /// <summary>As messages call the file: relative to the working folder when it lies there.</summary>
    private static string Shown(string path, ConfigEnvironment environment)
    {
        var relative = Path.GetRelativePath(environment.WorkingFolder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static string ReadText(string path, ConfigEnvironment environment)
    {
        try
        {
            var bytes = File.ReadAllBytes(path).AsSpan();
            return Strict.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new ConfigException($"the config {Shown(path, environment)} is not UTF-8 text.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"cannot read the config {Shown(path, environment)}: {e.Message}");
        }
    }
}
