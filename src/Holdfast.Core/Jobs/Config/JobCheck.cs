namespace Holdfast.Core.Jobs.Config;

/// <summary>What must hold between the keys of one job.</summary>
internal static class JobCheck
{
    public static void Check(Named<JobOptions> job, ConfigReading reading)
    {
        var options = job.Value;
        var telegram = options.From.Contains(Job.Telegram, StringComparer.Ordinal);
        var archive = options.To.Any(t => t.Kind is TargetKind.Archive);

        // An end that could not be read is empty too; it is a problem already.
        if (reading.Problems.Count == 0 && options.From.Count == 0)
            Report("'from' names nothing");
        if (reading.Problems.Count == 0 && options.To.Count == 0)
            Report("'to' names nothing");
        if (telegram && options.From.Count > 1)
            Report("telegram cannot be mixed with other sources; give it a job of its own");
        if (telegram && options.To.Any(t => t.Kind is not TargetKind.Archive))
            Report("messages can only go to an archive: target");
        if (archive && !telegram && options.From.Count > 0)
            Report("an archive: target takes messages only; write 'from: telegram', or another target");
        if (options.To.GroupBy(t => t).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
            Report($"the target {twice.Key} is named twice");
        if (options.From.GroupBy(f => f, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } again)
            Report($"the source {again.Key} is named twice");
        if (options.Layout.Mode is "sync" && options.To.Count > 1)
            Report("'mode: sync' has one target; give each a job of its own");
        if (options.Layout.Mode is "sync" && options.From.Count > 1)
            Report("'mode: sync' has one folder; give each a job of its own");

        if (options.Layout.Database is { } database && archive && !JobForms.IsPostgres(database))
            Report($"'{database}' is no PostgreSQL address; write postgres://USER@HOST/DATABASE, or leave 'database' out for SQLite");
        if (options.Layout.Database is { } postgres && options.To.Any(t => t.Kind is TargetKind.Volumes) && JobForms.IsPostgres(postgres))
            Report("'database' of volumes is a file on this machine; write a path, or leave it out");

        var named = options.Include.Concat(options.Track).ToList();
        if (named.Count > 0 && named.TrueForAll(r => r.Text.StartsWith('!')))
            Report($"'include' and 'track' hold only patterns with '!', which name nothing; put '{named[0].Text[1..]}' into 'exclude' instead");

        foreach (var key in JobKeys.Section.Keys.OfType<ConfigKey<JobOptions>>())
            if (key.For.Count > 0 && options.To.Count > 0 && key.Show(options) is not null && !options.To.Any(t => key.For.Contains(t.Kind)))
                Report($"'{key.Name}' is for {Targets(key.For)} targets; this job has none");

        void Report(string text) => reading.Report(job.Line, $"job '{job.Name}': {text}");
    }

    private static string Targets(IEnumerable<TargetKind> kinds) =>
        string.Join(" and ", kinds.Select(k => k.ToString().ToLowerInvariant() + ":"));
}
