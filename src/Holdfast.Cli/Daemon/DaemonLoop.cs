using Holdfast.Cli.Output;
using Holdfast.Core.Catalog;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
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
    private readonly DateTimeOffset _started;
    private DaemonNews? _news;
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private DateTimeOffset _digested;

    public DaemonLoop(Session session)
    {
        _session = session;
        _config = new ReloadedConfig(session);
        _scheduler = new Scheduler(session.Time.LocalTimeZone, session.Config.Client);
        _started = Now;
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
        using var metrics = new MetricsListener(_session);
        metrics.Follow();
        _news = new DaemonNews(_session, cancellationToken);
        _news.GoOn(all: true);
        Say($"{Sizes.Count(Jobs.Count(j => j.Schedule is not null), "job")} with a schedule");
        while (!cancellationToken.IsCancellationRequested)
        {
            if (_config.Look())
            {
                Say("the config has changed and is in use");
                LookIntoCatalog();
                TryFollow(metrics);
            }
            await BeginAsync(cancellationToken);
            Alert();
            Digest();
            Write();
            _news.GoOn(all: false);
            if (once && _running.Count == 0)
                break;
            await WaitAsync(cancellationToken);
        }
        while (_running.Count > 0)
            End(await Task.WhenAny(_running.Keys));
        Write();
        await _news.AllToldAsync();
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
        var untold = WhyUntold(ended.Exception?.InnerException, code);
        if (untold is not null)
            ErrorPrinter.Remark(_session, $"{job!.Name} {untold}");
        _scheduler.Ended(job!.Name, Now, code);
        Say(code is { } number ? $"{job.Name} ended with {number}{Meaning(number)}" : $"{job.Name} was cut off and goes on later");
        // That its disk is away, or in use, is said by the backup.
        if (Verification.Of(job) is not null && code is { } proof and not (ExitCode.Done or ExitCode.NoPlace or ExitCode.Locked))
            _news!.Unproven(job, isWrong: proof is ExitCode.Failed && untold is null);
        else if (untold is not null)
            _news!.BrokenOff(job, untold);
        if (code is ExitCode.Done or ExitCode.Incomplete && job.Schedule is "on-mount")
            Say($"{job.Name} is done with {string.Join(", ", job.To)}: it is safe to unmount and remove");
    }

    /// <summary>Why a run that failed cannot have told anybody; null for one that does that itself.</summary>
    private string? WhyUntold(Exception? failure, int? code) => failure switch
    {
        TimeoutException => failure.Message,
        not null => $"could not be started: {failure.Message}",
        // It reads the config anew, and finds in it neither its job nor whom to tell.
        null when code is ExitCode.Usage && _config.WhyWrong() is { } wrong => $"could not begin, because the config is wrong now:\n{wrong}",
        null when code is > ExitCode.WrongPassword and not ExitCode.Interrupted => $"was broken off: it ended with {code}",
        _ => null,
    };

    private static string Meaning(int code) => code is >= 0 and <= ExitCode.WrongPassword and not (> ExitCode.Incomplete and < ExitCode.NoPlace) ? $" ({ExitCode.Describe(code)})" : "";

    private void Alert()
    {
        foreach (var job in Jobs.Where(j => _scheduler.IsOverdue(j, Now)))
        {
            _news!.Overdue(job, _scheduler.History[job.Name].LastGood);
            _scheduler.Alerted(job.Name, Now);
        }
    }

    private void Digest()
    {
        if (_digested > Now)
            _digested = Now; // The clock was set back.
        if (_config.Current.Notify?.Digest is not { } schedule || ScheduleTimes.Next(schedule, _digested, _digested, _session.Time.LocalTimeZone) is not { } due || due > Now)
            return;
        try
        {
            _news!.Digest(_digested);
            _digested = Now;
        }
        catch (HoldfastException e)
        {
            ErrorPrinter.Remark(_session, e.Message);
        }
    }

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

    private void TryFollow(MetricsListener metrics)
    {
        try
        {
            metrics.Follow();
        }
        catch (HoldfastException e)
        {
            ErrorPrinter.Remark(_session, e.Message);
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
