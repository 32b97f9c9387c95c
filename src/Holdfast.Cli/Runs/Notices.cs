using Holdfast.Core.Jobs.Notifying;

namespace Holdfast.Cli.Runs;

/// <summary>Tells people what the config wants told. What does not arrive is kept for the next run or the daemon. All give remarks: who was not told, and why.</summary>
internal sealed class Notices(Session session)
{
    private readonly NoticeQueue _queue = new(session.StateFolder);

    private Notifier Notifier(string folder) => new(session.Config.Notify, folder, session.Time);

    /// <summary>Says that a run begins.</summary>
    public async Task<IReadOnlyList<string>> StartAsync(string folder, CancellationToken cancellationToken) => Remarks(await Notifier(folder).StartAsync(cancellationToken));

    /// <summary>Tells it, in every way that wants it.</summary>
    /// <param name="notice">What.</param>
    /// <param name="folder">Where commands of the config run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<string>> SendAsync(Notice notice, string folder, CancellationToken cancellationToken)
    {
        var all = await Notifier(folder).SendAsync(notice, cancellationToken);
        var unkept = all.Where(t => t.Rest is not null).Select(t => Keep(t.Channel, () => _queue.Add(t.Channel, t.Rest!, session.Time.GetUtcNow())));
        return [.. Remarks(all), .. unkept.OfType<string>()];
    }

    /// <summary>
    /// Leaves it to the daemon, before this returns for the first time: it tells it while it goes on with its work, so nobody waits
    /// for a mail server that hangs. Told at once are signs of life, and what could not be written down.
    /// </summary>
    /// <param name="notice">What.</param>
    /// <param name="folder">Where commands of the config run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<string>> LeaveAsync(Notice notice, string folder, CancellationToken cancellationToken)
    {
        var notifier = Notifier(folder);
        var remarks = new List<string>();
        var unkept = new List<string>();
        foreach (var channel in notifier.MayWait(notice))
            if (Keep(channel, () => _queue.Leave(channel, notice, session.Time.GetUtcNow())) is { } remark)
            {
                remarks.Add(remark);
                unkept.Add(channel);
            }
        var signs = notifier.SignAsync(notice, cancellationToken);
        var told = await Task.WhenAll(unkept.Select(channel => notifier.SendAsync(channel, notice, isFirst: true, cancellationToken)));
        return [.. remarks, .. Remarks([.. told, .. await signs])];
    }

    /// <summary>The ways by which something waits to be told.</summary>
    public IReadOnlyList<string> Waiting => _queue.Channels;

    /// <summary>Tries everything that waits, due or not, all ways at once.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<string>> RetryAsync(CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(Waiting.Select(channel => RetryAsync(channel, all: true, cancellationToken)))).SelectMany(s => s)];

    /// <summary>Tries what waits to be told one way.</summary>
    /// <param name="channel">The way.</param>
    /// <param name="all">True to try everything, due or not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<string>> RetryAsync(string channel, bool all, CancellationToken cancellationToken)
    {
        if (session.Config.File is not { } config)
            return [];
        try
        {
            var notifier = Notifier(Path.GetDirectoryName(config)!);
            return await _queue.RetryAsync(channel, all, session.Time.GetUtcNow(), queued => notifier.SendAsync(channel, queued.Notice, queued.IsUntold, cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [$"the notices that wait could not be read: {e.Message}"];
        }
    }

    private static string? Keep(string channel, Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the notice by {channel} could not be kept for later: {e.Message}";
        }
    }

    private static IReadOnlyList<string> Remarks(IEnumerable<Told> all) =>
        [.. all.Where(t => t.Failure is not null).Select(t => $"the notice by {t.Channel} did not arrive: {t.Failure}")];
}
