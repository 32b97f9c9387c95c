using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Cli.Runs;
using Holdfast.Core.Catalog;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Notifying;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Daemon;

/// <summary>
/// Tells people what runs left to the daemon and what it alone knows, beside its work: a server that hangs puts off no run.
/// Everything is written down before it is told, so what a killed daemon did not tell the next one does.
/// </summary>
internal sealed class DaemonNews(Session session, CancellationToken cancellationToken)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Notices _notices = new(session);
    private readonly List<Task<IReadOnlyList<string>>> _leaving = [];
    private readonly Dictionary<string, Task<IReadOnlyList<string>>> _telling = new(StringComparer.Ordinal); // By the way.

    private string Folder => Path.GetDirectoryName(session.Config.File)!;

    /// <summary>Tells what waits, each way by itself, where that is not being done; says what came of it so far.</summary>
    /// <param name="all">True for everything, due or not.</param>
    public void GoOn(bool all)
    {
        foreach (var left in _leaving.Where(t => t.IsCompleted).ToList())
        {
            _leaving.Remove(left);
            Say(left);
        }
        foreach (var (channel, told) in _telling.Where(t => t.Value.IsCompleted).ToList())
        {
            _telling.Remove(channel);
            Say(told);
        }
        foreach (var channel in _notices.Waiting)
            if (!_telling.ContainsKey(channel))
                _telling[channel] = Task.Run(() => _notices.RetryAsync(channel, all, cancellationToken), CancellationToken.None);
    }

    /// <summary>Ends when everything that is due now was tried.</summary>
    public async Task AllToldAsync()
    {
        for (var round = 0; round < 2; round++) // The second tells what was left there while the first was on.
        {
            await Task.WhenAll([.. _leaving, .. _telling.Values]).ContinueWith(_ => { }, TaskScheduler.Default);
            GoOn(all: false);
        }
        await Task.WhenAll(_telling.Values).ContinueWith(_ => { }, TaskScheduler.Default);
        foreach (var told in _telling.Values)
            Say(told);
    }

    /// <summary>A job has not succeeded for too long.</summary>
    public void Overdue(Job job, DateTimeOffset? good)
    {
        var text = $"job '{job.Name}' has not succeeded {(good is { } time ? $"since {Sizes.Time(time)}" : "yet")}; it should every {Duration.Format(job.AlertAfter!.Value)}.";
        ErrorPrinter.Remark(session, text);
        Leave(NoticeKind.Overdue, job.Name, text, new JsonObject { ["type"] = "overdue", ["job"] = job.Name, ["last_good"] = good?.ToString("O") });
    }

    /// <summary>A proof found copies that are not right, or could not look.</summary>
    public void Unproven(Job proof, bool isWrong) => Leave(
        NoticeKind.Failure,
        proof.Name,
        $"copies of job '{Verification.Of(proof)}' in {proof.To[0]} {(isWrong ? "are not what they should be" : "could not be checked")}; 'holdfast {string.Join(' ', Verification.Arguments(proof))}' says more.",
        new JsonObject { ["type"] = "verification", ["job"] = Verification.Of(proof), ["target"] = proof.To[0].ToString() });

    /// <summary>A run came to an end at which it could not tell anybody itself.</summary>
    public void BrokenOff(Job job, string reason) => Leave(
        NoticeKind.Failure,
        job.Name,
        $"job '{job.Name}' {reason}",
        new JsonObject { ["type"] = "error", ["job"] = job.Name, ["message"] = reason });

    /// <summary>What ran since the last digest.</summary>
    /// <exception cref="HoldfastException">The catalog cannot be read now.</exception>
    public void Digest(DateTimeOffset since) =>
        Leave(CatalogDatabase.Use(session.StateFolder, catalog => Daemon.Digest.Of(session.Config, catalog, DrillLog.Last(session.StateFolder), since, session.Time.GetLocalNow()), Patience));

    private void Leave(NoticeKind kind, string job, string text, JsonObject report) =>
        Leave(new Notice(kind, job, session.Config.Client, HasChanges: false, text + "\n", report, session.Time.GetLocalNow()));

    // It is written down when this returns.
    private void Leave(Notice notice) => _leaving.Add(_notices.LeaveAsync(notice, Folder, cancellationToken));

    private void Say(Task<IReadOnlyList<string>> told)
    {
        if (told.IsCompletedSuccessfully)
            foreach (var remark in told.Result)
                ErrorPrinter.Remark(session, remark);
        else if (told.Exception is { InnerException: { } failure }) // Cancelled, it waits for the next daemon.
            ErrorPrinter.Remark(session, $"people could not be told: {failure.Message}");
    }
}
