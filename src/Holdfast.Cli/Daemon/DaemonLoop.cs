using Holdfast.Cli.Output;
using Holdfast.Cli.Runs;
using Holdfast.Core.Catalog;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Notifying;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Jobs.Scheduling;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Daemon;

/// <summary>
/// Asks the scheduler at least twice a minute what is due and runs it. Timers stand still while a machine sleeps, so nothing
/// waits longer than that for a time to come. What it knows is written down after every change: killed, the next one goes on.
/// </summary>
internal sealed class DaemonLoop
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Session _session;
    private readonly ReloadedConfig _config;
    private readonly Scheduler _scheduler;
    private readonly Dictionary<Task<int?>, Job> _running = [];
    private readonly List<Job> _failedProofs = [];
    private readonly DateTimeOffset _started;
    private readonly Notices _notices;
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private DateTimeOffset _digested;

    public DaemonLoop(Session session)
    {
        _session = session;
        _config = new ReloadedConfig(session);
        _scheduler = new Scheduler(session.Time.LocalTimeZone, session.Config.Client);
        _started = Now;
        _notices = new Notices(session);
        var known = DaemonState.Read(session.StateFolder);
        _digested = known.Digested < _started ? known.Digested.Value : _started;
        foreach (var (job, history) in known.Jobs)
            _scheduler.Remember(job, history);
    }

    private DateTimeOffset Now => _session.Time.GetUtcNow();

    /// <summary>Runs until it is cancelled; then the runs are asked to end.</summary>
    /// <param name="once">Runs what is due now, and ends.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<int> RunAsync(bool once, CancellationToken cancellationToken)
    {
        LookIntoCatalog();
        using var metrics = MetricsListener.Start(_session);
        await TellAsync(() => _notices.RetryAsync(all: true, cancellationToken));
        Say($"{Sizes.Count(Jobs.Count(j => j.Schedule is not null), "job")} with a schedule");
        while (!cancellationToken.IsCancellationRequested)
        {
            if (_config.Look())
            {
                Say("the config has changed and is in use");
                LookIntoCatalog();
            }
            await BeginAsync(cancellationToken);
            await TellAsync(async () =>
            {
                await AlertAsync(cancellationToken);
                Write();
                await TellOfProofsAsync(cancellationToken);
                await DigestAsync(cancellationToken);
                await _notices.RetryAsync(all: false, cancellationToken);
            });
            if (once && _running.Count == 0)
                break;
            await WaitAsync(cancellationToken);
        }
        while (_running.Count > 0)
            End(await Task.WhenAny(_running.Keys));
        Write();
        return ExitCode.Done;
    }

    private IReadOnlyList<Job> Jobs => Verification.With(_config.Current.Jobs);

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        _scheduler.Jitter = _config.Current.Daemon.Jitter;
        var due = _scheduler.Due(Jobs, Now, IsConnected);
        if (DaemonState.ReadPause(_session.StateFolder) > Now)
            return;
        var circumstances = new Circumstances(_config.Current.Daemon, cancellationToken);
        foreach (var job in due)
        {
            if (await circumstances.WhyWaitsAsync(job) is { } reason)
            {
                if (_waiting.Add(job.Name))
                    Say($"{job.Name} waits: {reason}");
                continue;
            }
            _waiting.Remove(job.Name);
            _scheduler.Started(job.Name, Now);
            Write();
            Say($"{job.Name} begins");
            _running.Add(ChildRun.RunAsync(_session, job, cancellationToken), job);
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var next = Jobs.Min(j => _scheduler.NextTime(j, Now)) - Now;
        var wait = next > TimeSpan.FromSeconds(1) ? (next < Longest ? next.Value : Longest) : next > TimeSpan.Zero ? TimeSpan.FromSeconds(1) : Longest;
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tick = Task.Delay(wait, _session.Time, woken.Token);
        var first = await Task.WhenAny([tick, .. _running.Keys]);
        if (first is Task<int?> ended)
            End(ended);
        await woken.CancelAsync();
    }

    private void End(Task<int?> ended)
    {
        _running.Remove(ended, out var job);
        var code = ended.IsFaulted ? ExitCode.Failed : ended.Result;
        if (ended.Exception is { } failure)
            ErrorPrinter.Remark(_session, $"{job!.Name} could not be started: {failure.InnerException!.Message}");
        _scheduler.Ended(job!.Name, Now, code);
        Say(code is { } number ? $"{job.Name} ended with {number}{Meaning(number)}" : $"{job.Name} was cut off and goes on later");
        // That its disk is away is said by the backup.
        if (Verification.Of(job) is not null && code is not (null or ExitCode.Done or ExitCode.NoPlace))
            _failedProofs.Add(job);
        if (code is ExitCode.Done or ExitCode.Incomplete && job.Schedule is "on-mount")
            Say($"{job.Name} is done with {string.Join(", ", job.To)}: it is safe to unmount and remove");
    }

    private static string Meaning(int code) => code is >= 0 and <= ExitCode.WrongPassword and not (> ExitCode.Incomplete and < ExitCode.NoPlace) ? $" ({ExitCode.Describe(code)})" : "";

    private async Task AlertAsync(CancellationToken cancellationToken)
    {
        foreach (var job in Jobs.Where(j => _scheduler.IsOverdue(j, Now)))
        {
            var good = _scheduler.History[job.Name].LastGood;
            var text = $"job '{job.Name}' has not succeeded {(good is { } time ? $"since {Sizes.Time(time)}" : "yet")}; it should every {Duration.Format(job.AlertAfter!.Value)}.";
            ErrorPrinter.Remark(_session, text);
            var report = new System.Text.Json.Nodes.JsonObject { ["type"] = "overdue", ["job"] = job.Name, ["last_good"] = good?.ToString("O") };
            await TellAsync(NoticeKind.Overdue, job, text, report, cancellationToken);
            _scheduler.Alerted(job.Name, Now);
        }
    }

    private async Task TellOfProofsAsync(CancellationToken cancellationToken)
    {
        foreach (var job in _failedProofs)
        {
            var text = $"copies of job '{Verification.Of(job)}' are not what they should be; 'holdfast {string.Join(' ', Verification.Arguments(job))}' names them.";
            await TellAsync(NoticeKind.Failure, job, text, new System.Text.Json.Nodes.JsonObject { ["type"] = "verification", ["job"] = Verification.Of(job) }, cancellationToken);
        }
        _failedProofs.Clear();
    }

    private async Task DigestAsync(CancellationToken cancellationToken)
    {
        if (_digested > Now)
            _digested = Now; // The clock was set back.
        if (_config.Current.Notify?.Digest is not { } schedule || ScheduleTimes.Next(schedule, _digested, _digested, _session.Time.LocalTimeZone) is not { } due || due > Now)
            return;
        var notice = CatalogDatabase.Use(_session.StateFolder, catalog => Digest.Of(_config.Current, catalog, _digested, _session.Time.GetLocalNow()), Patience);
        _digested = Now;
        Write(); // Sent once, even when this daemon is killed meanwhile.
        await _notices.SendAsync(notice, Path.GetDirectoryName(_config.Current.File)!, cancellationToken);
    }

    /// <summary>That people cannot be told, or that the daemon ends meanwhile, must not touch the runs.</summary>
    private async Task TellAsync(Func<Task> telling)
    {
        try
        {
            await telling();
        }
        catch (OperationCanceledException)
        {
            // The daemon ends; what was not told is overdue or queued still.
        }
        catch (HoldfastException e)
        {
            ErrorPrinter.Remark(_session, e.Message);
        }
    }

    private Task TellAsync(NoticeKind kind, Job job, string text, System.Text.Json.Nodes.JsonObject report, CancellationToken cancellationToken) =>
        _notices.SendAsync(new Notice(kind, job.Name, _config.Current.Client, HasChanges: false, text + "\n", report, _session.Time.GetLocalNow()), job.Folder, cancellationToken);

    /// <summary>Runs that were begun by hand count too. The catalog is a cache: without it only the daemon's own do.</summary>
    private void LookIntoCatalog()
    {
        try
        {
            CatalogDatabase.Use(_session.StateFolder, catalog =>
            {
                foreach (var job in _config.Current.Jobs)
                    _scheduler.Saw(job.Name, catalog.Runs(job.Name, 1).FirstOrDefault()?.Started, catalog.LastGood(job.Name)?.Started, Now);
                return 0;
            }, Patience);
        }
        catch (HoldfastException e)
        {
            ErrorPrinter.Remark(_session, e.Message);
        }
    }

    private static bool IsConnected(Job job) => job.To.All(t => t.LocalPath is not { } path || IsPlace(path));

    private static bool IsPlace(string path)
    {
        try
        {
            using var folder = LocalFolders.OpenForReading(path);
            return PlaceMarker.TryRead(folder) is not null;
        }
        catch (Exception e) when (e is FileSystemException or HoldfastException)
        {
            return false;
        }
    }

    private void Write()
    {
        try
        {
            new DaemonState { Started = _started, Digested = _digested, PausedUntil = DaemonState.ReadPause(_session.StateFolder), Jobs = _scheduler.History }.Write(_session.StateFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ErrorPrinter.Remark(_session, $"the daemon's state could not be written: {e.Message}");
        }
    }

    private void Say(string text)
    {
        _session.Log(LogLevel.Info, text);
        if (_session.Json)
            JsonLine.Write(StandardStreams.Out, json =>
            {
                json.WriteString("type", "daemon");
                json.WriteTime("time", Now);
                json.WriteString("message", text);
            });
        else
            _session.Text.WriteLine($"{Sizes.Time(Now)} {text}");
        StandardStreams.Flush();
    }
}
