namespace Holdfast.Core.Jobs.Config;

/// <summary>The commented file that <c>holdfast init</c> writes.</summary>
public static class ConfigTemplate
{
    /// <summary>Makes the file's text.</summary>
    /// <param name="client">A guess: the host's name.</param>
    /// <param name="job">A name for the first job.</param>
    /// <param name="source">A guess: what to back up.</param>
    /// <param name="target">A guess: where to.</param>
    /// <param name="state">The state folder, relative to the file; null for the usual one.</param>
    public static string Text(string client, string job, string source, string target, string? state = null) =>
        $$"""
        # Holdfast's config. All keys: docs/configuration.md. 'holdfast config check' says whether this file is right.
        # Paths are relative to this file; ~ is your home folder, ${NAME} an environment variable.

        client: {{Value(client)}}    # this machine's name in the places
        {{(state is null ? "" : $"state: {Value(state)}    # caches and reports\n")}}
        defaults:    # for every job
          exclude: ["*.tmp", Thumbs.db, .Trash-*/]    # as in .gitignore; "regex:…" takes a regular expression
          exclude_if_present: .nobackup    # a folder with a file of this name is left out
          exclude_caches: true    # so are folders that say they are caches (CACHEDIR.TAG)
          one_file_system: true    # stay on the disk the source is on

        jobs:
          {{Value(job)}}:
            from: {{Value(source)}}    # a folder or a file, or several: [~/Documents, ~/Pictures]
            to: {{Value(target)}}    # a plain copy, with history beside it
            # include: [Downloads/]    # copied without history; with include or track, only what they name is copied
            # track: [Projects/]    # copied with history
            # exclude: [Projects/*/build/]
            # keep: {last: 5, daily: 7, weekly: 4, monthly: 12, within: 14d}    # without it nothing is forgotten
            # max_delete: 25%    # a run that would remove more stops and asks
            # schedule: "0 20 * * *"    # for 'holdfast daemon'; or "every 6h", "on-mount"
            # before: ./dump-database.sh    # also: after, on_failure

        # log: {level: info, dir: logs, keep_days: 14}

        """;

    private static string Value(string text) => YamlText.Scalar(text.Replace("${", "$${", StringComparison.Ordinal));
}
