namespace Holdfast.Mtproto.Calls;

/// <summary>What is done about refusals that pass: waits are waited out, internal trouble of the server is met with another attempt.</summary>
internal sealed class CallPolicy(TimeProvider time, Action<ClientEvent> report)
{
    private const int MaxAttempts = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private readonly Pacer _pacer = new(time);

    /// <param name="method">The call's name.</param>
    /// <param name="maxWait">The longest wait that is waited out; a longer one is thrown.</param>
    /// <param name="send">Sends it once.</param>
    /// <param name="ct">Gives up, also while waiting.</param>
    /// <exception cref="WaitException">Telegram asks for more patience than <paramref name="maxWait"/>.</exception>
    public async Task<T> RunAsync<T>(string method, TimeSpan maxWait, Func<Task<T>> send, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await _pacer.WaitAsync(method, ct);
            try
            {
                var answer = await send();
                _pacer.OnSuccess(method);
                return answer;
            }
            catch (WaitException wait) when (wait.Wait <= maxWait)
            {
                _pacer.OnFlood(method);
                report(new ClientEvent.Waiting(method, wait.Wait, wait.Error));
                await Task.Delay(wait.Wait, time, ct);
                attempt = 0;
            }
            catch (RpcException e) when (IsPassing(e) && attempt < MaxAttempts)
            {
                await Task.Delay(FirstPause * Math.Pow(2, attempt - 1), time, ct);
            }
        }
    }

    private static bool IsPassing(RpcException e) =>
        e.Code is 500 or -503 && e.Kind is not ("AUTH_RESTART" or "AUTH_RESTART_X" or "RANDOM_ID_DUPLICATE" or "HISTORY_GET_FAILED_PERM");
}
