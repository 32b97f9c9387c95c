using Holdfast.Cli.Output;
using Holdfast.Core.Jobs.Notifying;

namespace Holdfast.Cli.Runs;

/// <summary>Tells people what the config wants told. What does not arrive is a remark, and kept for the next run or the daemon.</summary>
internal sealed class Notices(Session session)
{
    private readonly NoticeQueue _queue = new(session.StateFolder);

    private Notifier Notifier(string folder) => new(session.Config.Notify, folder, session.Time);

    /// <summary>Says that a run begins.</summary>
    public async Task StartAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var told in await Notifier(folder).StartAsync(cancellationToken))
            Remark(told);
    }

    /// <summary>Tells it, in every way that wants it.</summary>
    /// <param name="notice">What.</param>
    /// <param name="folder">Where commands of the config run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SendAsync(Notice notice, string folder, CancellationToken cancellationToken)
    {
        foreach (var told in await Notifier(folder).SendAsync(notice, cancellationToken))
        {
            Remark(told);
            if (told.Rest is { } rest)
                Keep(told.Channel, rest);
        }
    }

    /// <summary>Tries what did not arrive earlier.</summary>
    /// <param name="all">True to try everything, due or not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RetryAsync(bool all, CancellationToken cancellationToken)
    {
        if (session.Config.File is not { } config)
            return;
        try
        {
            var notifier = Notifier(Path.GetDirectoryName(config)!);
            foreach (var said in await _queue.RetryAsync(all, session.Time.GetUtcNow(), queued => notifier.SendAsync(queued.Channel, queued.Notice, cancellationToken)))
                ErrorPrinter.Remark(session, said);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ErrorPrinter.Remark(session, $"the notices that wait could not be read: {e.Message}");
        }
    }

    private void Keep(string channel, Notice rest)
    {
        try
        {
            _queue.Add(channel, rest, session.Time.GetUtcNow());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ErrorPrinter.Remark(session, $"the notice could not be kept for later: {e.Message}");
        }
    }

    private void Remark(Told told)
    {
        if (told.Failure is { } failure)
            ErrorPrinter.Remark(session, $"the notice by {told.Channel} did not arrive: {failure}");
    }
}
