using Holdfast.Mtproto.TestServer.Api;
using Holdfast.Mtproto.TestServer.Faults;
using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer;

/// <summary>Tells connected clients what changed, as faithfully as the faults allow.</summary>
internal sealed class Pusher(TelegramServer server)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ServerSession, UpdatesBase> _delayed = [];

    public void Push(MessageBox box, BoxEvent change)
    {
        foreach (var key in server.Keys())
            if (key.Account is { } account && Follows(account, box)) Push(key, Wrap(key, account, change));
    }

    public void Push(KeyState key, UpdatesBase updates)
    {
        ServerSession[] sessions;
        lock (key.Sessions) sessions = [.. key.Sessions.Values.Where(s => s is { IsQuiet: false, IsIntroduced: true, Connection: not null })];
        foreach (var session in sessions) Push(session, updates);
    }

    private bool Follows(Account account, MessageBox box) =>
        account.Box == box || account.Chats.Any(id => server.World.Rooms.TryGetValue(id, out var room) && room.Box == box);

    private UpdatesBase Wrap(KeyState key, Account account, BoxEvent change)
    {
        var update = server.World.Fresh(change.Update);
        var message = update switch { UpdateNewMessage u => u.Message, UpdateNewChannelMessage u => u.Message, UpdateEditMessage u => u.Message, UpdateEditChannelMessage u => u.Message, _ => null };
        _ = account;
        var context = new CallContext(server, new ServerSession(key, 0));
        var (users, chats) = Mentioned.In(context, message is null ? [] : [message]);
        return new Updates { UpdatesValue = [update], Users = users, Chats = chats, Date = server.World.Now };
    }

    private void Push(ServerSession session, UpdatesBase updates)
    {
        var fault = server.Faults.OnPush?.Invoke() ?? PushFault.None;
        if (fault == PushFault.Lose) return;
        UpdatesBase? late = null;
        lock (_gate)
        {
            if (fault == PushFault.Delay && _delayed.TryAdd(session, updates)) return;
            if (_delayed.Remove(session, out var held)) late = held;
        }
        Send(session, updates);
        if (fault == PushFault.Repeat) Send(session, updates);
        if (late is not null) Send(session, late);
    }

    private static void Send(ServerSession session, UpdatesBase updates)
    {
        if (session.Connection is { } connection) connection.SendContent(session, updates);
    }
}
