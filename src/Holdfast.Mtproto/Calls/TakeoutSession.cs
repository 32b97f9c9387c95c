using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Calls;

/// <summary>A takeout (https://core.telegram.org/api/takeout).</summary>
public sealed class TakeoutSession
{
    private readonly TelegramClient _client;
    private readonly long _id;

    internal TakeoutSession(TelegramClient client, long id)
    {
        _client = client;
        _id = id;
    }

    /// <summary>Makes a call inside the takeout.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="method">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<T> CallAsync<T>(ITlMethod<T> method, CancellationToken cancellationToken = default) =>
        _client.CallAsync(new WithTakeout<T>(_id, method), cancellationToken);

    /// <summary>Ends it.</summary>
    /// <param name="success">Whether everything was exported.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task FinishAsync(bool success, CancellationToken cancellationToken = default) =>
        CallAsync(new AccountFinishTakeoutSession { Success = success }, cancellationToken);
}
