using System.CommandLine;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;

namespace Holdfast.Cli.Runs;

/// <summary>The options of a job as flags, under the names they have in the config.</summary>
internal static class JobFlags
{
    private static readonly Option<string[]> Include = Patterns("--include", "Copy without history what this names; with --include or --track, only what they name is copied");
    private static readonly Option<string[]> Track = Patterns("--track", "Copy with history what this names");
    private static readonly Option<string[]> Exclude = Patterns("--exclude", "Leave out what this names (as in .gitignore, or regex:…)");
    private static readonly Option<string[]> ExcludeIfPresent = new("--exclude-if-present") { Description = "Leave out folders that hold a file of this name", HelpName = "NAME" };
    private static readonly Option<bool?> ExcludeCaches = new("--exclude-caches") { Description = "Leave out folders that a CACHEDIR.TAG marks as caches" };
    private static readonly Option<string?> ExcludeLargerThan = new("--exclude-larger-than") { Description = "Leave out larger files (4GB, 100MiB)", HelpName = "SIZE" };
    private static readonly Option<bool?> OneFileSystem = new("--one-file-system", "-x") { Description = "Do not enter other file systems" };
    private static readonly Option<string?> MinAge = new("--min-age") { Description = "Leave files for later that changed less than this ago (300s), three runs in a row at most", HelpName = "DURATION" };
    private static readonly Option<string?> FilesFrom = new("--files-from") { Description = "Only the paths listed in this file, relative to the source, one a line or ended by NUL; - is standard input", HelpName = "FILE" };
    private static readonly Option<bool?> Checksum = new("--checksum", "-c") { Description = "Compare the contents of every file, whatever size and time say" };
    private static readonly Option<int?> Workers = new("--workers") { Description = "Files read at once; 1 is one after the other (default: as the disk likes it)", HelpName = "N" };
    private static readonly Option<string?> MaxDelete = new("--max-delete") { Description = "The share of files that may go without asking (default 25%)", HelpName = "SHARE" };

    private static readonly Option<string[]> Tag = new("--tag") { Description = "Mark the snapshot with this, to find it with 'snapshots --tag' and keep it with 'keep: {tags: …}' (mirrors)", HelpName = "TAG" };
    private static readonly Option<int?> Split = new("--split") { Description = "Volumes: save every file again after this many runs (default 5)", HelpName = "N" };
    private static readonly Option<string?> Compress = new("--compress") { Description = "Volumes: none, zstd (default) or xz", HelpName = "none|zstd|xz" };
    private static readonly Option<string?> KeepDeleted = new("--keep-deleted") { Description = "Volumes: how long the last copy of a deleted file stays (default 90d)", HelpName = "DURATION" };
    private static readonly Option<string?> VolumeSize = new("--volume-size") { Description = "Volumes: begin another when one holds this much (4GB)", HelpName = "SIZE" };

    private static readonly Option<string?> Database = new("--database") { Description = "Volumes: the file that caches what they hold, or a folder for several places when it ends in / (default: in the state folder)", HelpName = "FILE" };

    public static IEnumerable<Option> All =>
        [Include, Track, Exclude, ExcludeIfPresent, ExcludeCaches, ExcludeLargerThan, OneFileSystem, MinAge, FilesFrom, Checksum, Workers, MaxDelete, Tag, Split, Compress, Commands.ReadingOptions.PassphraseFile, KeepDeleted, VolumeSize, Database, .. StoreFlags.All];

    /// <summary>What the flags say.</summary>
    /// <param name="session">Knows the environment.</param>
    /// <param name="parse">The flags.</param>
    /// <param name="sources">What relative paths of --files-from are relative to.</param>
    /// <param name="below">What the config says: a flag for one key of a block leaves its other keys as they are.</param>
    /// <exception cref="HoldfastException">A value means nothing.</exception>
    public static JobOptions Of(Session session, ParseResult parse, IReadOnlyList<string> sources, LayoutOptions below) => new()
    {
        Include = Rules(parse, Include),
        Track = Rules(parse, Track),
        Exclude = Rules(parse, Exclude),
        ExcludeIfPresent = parse.GetValue(ExcludeIfPresent) ?? [],
        ExcludeCaches = parse.GetValue(ExcludeCaches),
        ExcludeLargerThan = FlagValue.Of(parse, ExcludeLargerThan, ByteSize.Parse),
        OneFileSystem = parse.GetValue(OneFileSystem),
        MinAge = FlagValue.Of(parse, MinAge, Duration.Parse),
        FilesFrom = parse.GetValue(FilesFrom) is { } file ? FileList.Read(file, sources) : null,
        Checksum = parse.GetValue(Checksum),
        Workers = parse.GetValue(Workers) is { } workers ? AtLeastOne(workers, "--workers") : null,
        MaxDelete = FlagValue.Of(parse, MaxDelete, Share.Parse),
        Tags = FlagValue.Tags(parse, Tag),
        Layout = new LayoutOptions
        {
            Split = parse.GetValue(Split) is { } split ? AtLeastOne(split, "--split") : null,
            Compress = parse.GetValue(Compress),
            KeepDeleted = FlagValue.Of(parse, KeepDeleted, Duration.Parse),
            VolumeSize = FlagValue.Of(parse, VolumeSize, ByteSize.Parse),
            Database = parse.GetValue(Database) is { } database ? CachePath(database) : null,
            Store = session.OnTop(below).Store,
        },
    };

    /// <summary>Refuses a tag that would be lost: of a job's targets at least one must keep it.</summary>
    public static void RequireTagsKept(ParseResult parse, Job job)
    {
        if (parse.GetValue(Tag) is { Length: > 0 } && !job.To.Any(t => t.Kind == TargetKind.Mirror))
            throw new HoldfastException(ErrorKind.Usage, $"--tag: tags are for mirror: targets; '{job.Name}' has none.", "Leave it out, or name only jobs with a mirror.");
    }

    /// <summary>The whole path; a '/' at its end stays.</summary>
    private static string CachePath(string path) =>
        path.Length > 0 && !path.Contains("://", StringComparison.Ordinal)
            ? Path.GetFullPath(path)
            : throw new HoldfastException(ErrorKind.Usage, $"--database: '{path}' is no file.", "The cache of volumes is a file on this machine; write a path, or leave it out.");

    private static Option<string[]> Patterns(string name, string description) => new(name) { Description = description, HelpName = "PATTERN" };

    private static IReadOnlyList<RuleText> Rules(ParseResult parse, Option<string[]> option) => [.. (parse.GetValue(option) ?? []).Select(p => new RuleText(p))];

    private static int AtLeastOne(int number, string flag) =>
        number >= 1 ? number : throw new HoldfastException(ErrorKind.Usage, $"{flag}: at least one is needed, not {number}.");
}
