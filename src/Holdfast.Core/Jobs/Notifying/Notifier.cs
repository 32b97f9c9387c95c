using Holdfast.Core.Model;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>How telling people one way ended.</summary>
/// <param name="Channel">Its key in the config.</param>
/// <param name="Failure">Why it did not arrive; null when it did.</param>
/// <param name="Rest">What a later try has to tell; null when none would help.</param>
public sealed record Told(string Channel, string? Failure, Notice? Rest = null);

/// <summary>Tells people in every way the config names. One way that fails does not stop the others, and none makes a run fail.</summary>
public sealed class Notifier
{
    // Longer than any timeout a way has of its own: the last resort against one that goes on for ever.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly List<IChannel> _channels;
    private readonly NotifyOptions _options;
    private readonly TimeProvider _time;

    /// <param name="options">The ways; null for none.</param>
    /// <param name="folder">Where commands run.</param>
    /// <param name="time">The clock that pauses between tries are taken from.</param>
    public Notifier(NotifyOptions? options, string folder, TimeProvider time)
    {
        _options = options ?? new NotifyOptions();
        _time = time;
        _channels = [.. All(_options, folder)];
    }

    /// <summary>The ways there are.</summary>
    public IReadOnlyList<string> Channels => [.. _channels.Select(c => c.Name)];

    /// <summary>The ways that want it and may tell it later. A sign of life that came later would be false.</summary>
    public IReadOnlyList<string> MayWait(Notice notice) => [.. _channels.Where(c => c is not PingChannel && c.Wants(notice)).Select(c => c.Name)];

    /// <summary>Tells it in every way that wants it, all at once.</summary>
    /// <returns>One for each way that was tried.</returns>
    public Task<IReadOnlyList<Told>> SendAsync(Notice notice, CancellationToken cancellationToken) => SendAsync(notice, _channels, cancellationToken);

    /// <summary>Tells it in those ways alone that cannot tell it later.</summary>
    /// <returns>One for each way that was tried.</returns>
    public Task<IReadOnlyList<Told>> SignAsync(Notice notice, CancellationToken cancellationToken) => SendAsync(notice, _channels.OfType<PingChannel>(), cancellationToken);

    /// <summary>Tells it one way; one that the config does not name any more has nothing left to tell.</summary>
    /// <param name="channel">The way.</param>
    /// <param name="notice">What.</param>
    /// <param name="isFirst">True for as many tries as the config says, false for one: there were those before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Told> SendAsync(string channel, Notice notice, bool isFirst, CancellationToken cancellationToken) =>
        _channels.Find(c => string.Equals(c.Name, channel, StringComparison.Ordinal)) is { } way
            ? await TryAsync(channel, notice, way.SendAsync, isFirst ? _options.Tries : 1, cancellationToken).ConfigureAwait(false)
            : new Told(channel, "the config does not name it any more");

    /// <summary>Says that a run begins, where somebody waits for that; once, for the run waits as well.</summary>
    public async Task<IReadOnlyList<Told>> StartAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_channels.OfType<PingChannel>().Select(c => StartAsync(c, cancellationToken))).ConfigureAwait(false);

    private async Task<IReadOnlyList<Told>> SendAsync(Notice notice, IEnumerable<IChannel> channels, CancellationToken cancellationToken) =>
        await Task.WhenAll(channels.Where(c => c.Wants(notice)).Select(async c =>
        {
            var told = await TryAsync(c.Name, notice, c.SendAsync, _options.Tries, cancellationToken).ConfigureAwait(false);
            return c is PingChannel ? told with { Rest = null } : told;
        })).ConfigureAwait(false);

    private static async Task<Told> StartAsync(PingChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            await channel.StartAsync(cancellationToken).ConfigureAwait(false);
            return new Told(channel.Name, null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Told(channel.Name, e.Message);
        }
    }

    private async Task<Told> TryAsync(string name, Notice notice, Func<Notice, CancellationToken, Task> send, int tries, CancellationToken cancellationToken)
    {
        var pause = _options.RetryAfter;
        string? refused = null; // For good, by a reader's server, while others get it.
        for (var left = tries; ; left--, pause *= 2)
            try
            {
                await WithinAsync(token => send(notice, token), cancellationToken).ConfigureAwait(false);
                return new Told(name, refused);
            }
            catch (NotToldException e) when (left <= 1 || !e.HelpsToTryAgain)
            {
                return new Told(name, refused is null ? e.Message : $"{refused}; {e.Message}", e.Remaining is { Count: 0 } ? null : notice with { Readers = e.Remaining ?? notice.Readers });
            }
            catch (NotToldException e)
            {
                refused = e.Final ?? refused;
                notice = notice with { Readers = e.Remaining ?? notice.Readers };
                await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return new Told(name, e.Message, notice); // Nothing that goes wrong here may reach the run.
            }
    }

    private async Task WithinAsync(Func<CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Longest, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await send(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NotToldException($"it was not done after {Duration.Format(Longest)}", helpsToTryAgain: true, e);
        }
    }

    private static IEnumerable<IChannel> All(NotifyOptions options, string folder)
    {
        if (options.Email is { } email)
            yield return new EmailChannel(email, folder);
        if (options.Webhook is { } webhook)
            yield return new WebhookChannel(webhook);
        if (options.Push is { } push)
            yield return new PushChannel(push);
        if (options.Ping is { } ping)
            yield return new PingChannel(ping);
        if (options.Command is { } command)
            yield return new CommandChannel(command, folder);
    }
}
