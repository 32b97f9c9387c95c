using System.Text.RegularExpressions;

namespace Holdfast.Architecture.Tests;

/// <summary>
/// Calls that break a promise when they are made in the wrong place. Files of sources and places are touched by FileSystem/
/// alone; the files named here touch the config, the state folder, the system's own files or a file the user named.
/// </summary>
public sealed partial class BannedCallsTests
{
    private static readonly string[] FileCallsAllowed =
    [
        "src/Holdfast.Core/FileSystem/",
        "src/Holdfast.Core/Catalog/CatalogDatabase.cs",
        "src/Holdfast.Core/Engine/PlanSpool.cs",
        "src/Holdfast.Core/Jobs/Config/ConfigLoader.cs",
        "src/Holdfast.Core/Jobs/Config/ConfigLocation.cs",
        "src/Holdfast.Core/Jobs/Notifying/NoticeQueue.cs",
        "src/Holdfast.Core/Jobs/Notifying/SecretText.cs",
        "src/Holdfast.Core/Jobs/Reports/DeletionLog.cs",
        "src/Holdfast.Core/Jobs/Reports/DrillLog.cs",
        "src/Holdfast.Core/Jobs/Reports/KeptReports.cs",
        "src/Holdfast.Core/Jobs/Reports/KeptRuns.cs",
        "src/Holdfast.Core/Jobs/Reports/LogFile.cs",
        "src/Holdfast.Core/Jobs/Scheduling/DaemonState.cs",
        "src/Holdfast.Core/Sources/PostponedFiles.cs",
        "src/Holdfast.Library/Http/ServerScan.cs", // Reads what a server says, line by line.
        "src/Holdfast.Mirror/History/HeadCache.cs",
        "src/Holdfast.Mirror/Run/HeadDelta.cs",
        "src/Holdfast.Mirror/Run/StepSpool.cs",
        "src/Holdfast.Mirror/Forgetting/MergeStep.cs",
        "src/Holdfast.Mirror/Forgetting/PathForget.cs",
        "src/Holdfast.Mtproto/Sessions/SessionFile.cs",
        "src/Holdfast.Volumes/Codec/Children/Child.cs",
        "src/Holdfast.Volumes/Database/VolumeDatabase.cs",
        "src/Holdfast.Volumes/Run/IndexSpool.cs",
        "src/Holdfast.Volumes/Run/LiveSpool.cs",
        "src/Holdfast.Cli/ArgumentBytes.cs",
        "src/Holdfast.Cli/Commands/InitCommand.cs",
        "src/Holdfast.Cli/CrashLog.cs",
        "src/Holdfast.Cli/Daemon/PowerSupply.cs",
        "src/Holdfast.Cli/Daemon/ReloadedConfig.cs",
        "src/Holdfast.Cli/Manual/ManualPages.cs",
        "src/Holdfast.Cli/Packaging/PackageFolder.cs",
        "src/Holdfast.Cli/Packaging/PackagedProgram.cs",
        "src/Holdfast.Cli/Places/FirstConfig.cs",
        "src/Holdfast.Cli/Places/LibraryToken.cs",
        "src/Holdfast.Cli/Places/RestoreFolder.cs",
        "src/Holdfast.Cli/Runs/FileList.cs",
        "src/Holdfast.Cli/Runs/MetricsFile.cs",
        "src/Holdfast.Cli/Scheduling/ScheduleInstallation.cs",
        "src/Holdfast.Cli/StateFolders.cs",
    ];

    private static readonly string[] ProcessesAllowed = ["src/Holdfast.Core/Jobs/ShellCommand.cs", "src/Holdfast.Cli/Daemon/ChildRun.cs", "src/Holdfast.Volumes/Codec/Children/Child.cs"];

    [Fact]
    public void FilesAreOpenedMovedAndDeletedOnlyByTheFileSystem() => Offenders(FileCall(), FileCallsAllowed).ShouldBeEmpty();

    [Fact]
    public void TheClockIsAskedOnlyThroughATimeProvider() => Offenders(Clock(), []).ShouldBeEmpty();

    [Fact]
    public void OnlyTheCommandTalksToTheConsole() => Offenders(ConsoleCall(), ["src/Holdfast.Cli/"]).ShouldBeEmpty();

    [Fact]
    public void ChildProcessesAreStartedInNamedPlacesOnly() => Offenders(ProcessCall(), ProcessesAllowed).ShouldBeEmpty();

    [Fact]
    public void EveryExceptionIsStillNeeded()
    {
        var files = Sources.Files().ToList();
        FileCallsAllowed.Where(a => !files.Any(f => f.StartsWith(a, StringComparison.Ordinal) && FileCall().IsMatch(Code(f)))).ShouldBeEmpty();
        ProcessesAllowed.Where(a => !files.Any(f => f.StartsWith(a, StringComparison.Ordinal) && ProcessCall().IsMatch(Code(f)))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("var all = File.ReadAllBytes(path);")]
    [InlineData("using var stream = new FileStream(path, FileMode.Open);")]
    [InlineData("names.Where(System.IO.Directory.Exists)")]
    [InlineData("new DirectoryInfo(path)")]
    public void TheseAreSeen(string code) => FileCall().IsMatch(code).ShouldBeTrue();

    [Theory]
    [InlineData("Type = EntryType.File, Size = 1")]
    [InlineData("using var file = folder.OpenFile(path);")]
    [InlineData("config.File.Length")]
    public void TheseAreNot(string code) => FileCall().IsMatch(code).ShouldBeFalse();

    private static IEnumerable<string> Offenders(Regex banned, string[] allowed) =>
        from file in Sources.Files()
        where !allowed.Any(a => file.StartsWith(a, StringComparison.Ordinal))
        from Match match in banned.Matches(Code(file))
        select $"{file}: {match.Value}";

    /// <summary>The file without comments. Strings stay: interpolated ones hold code.</summary>
    private static string Code(string file) => Comment().Replace(Sources.Read(file), "");

    [GeneratedRegex(@"(?<![\w.])(System\.IO\.)?(File|Directory)\.[A-Z]\w*|new\s+(System\.IO\.)?(FileStream|FileInfo|DirectoryInfo|StreamReader|StreamWriter)\s*\((?!\s*(Out|new DescriptorStream))", RegexOptions.ExplicitCapture)]
    private static partial Regex FileCall();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bStopwatch\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Clock();

    [GeneratedRegex(@"(?<![\w.])(System\.)?Console\.[A-Z]\w*", RegexOptions.ExplicitCapture)]
    private static partial Regex ConsoleCall();

    [GeneratedRegex(@"\bProcess\.Start\b|new\s+Process(StartInfo)?\b", RegexOptions.ExplicitCapture)]
    private static partial Regex ProcessCall();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
