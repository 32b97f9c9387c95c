using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>Users and names.</summary>
internal static class PeopleCalls
{
    public static void Register(ApiCalls calls)
    {
        calls.On<UsersGetUsers>((c, m) => c.Users(m.Id.Select(u => c.User(u).Id)));
        calls.On<UsersGetFullUser>(FullUser);
        calls.On<ContactsGetContacts>(Contacts);
        calls.On<ContactsResolveUsername>(Resolve);
        calls.On<ContactsResolvePhone>((c, m) => Resolved(c, c.World.Accounts.Values.FirstOrDefault(a => a.Phone == m.Phone)?.Id ?? throw new RpcFault(400, "PHONE_NOT_OCCUPIED")));
    }

    private static UsersUserFull FullUser(CallContext c, UsersGetFullUser m)
    {
        var user = c.User(m.Id);
        return new UsersUserFull
        {
            FullUser = new UserFull { Id = user.Id, Settings = new PeerSettings(), NotifySettings = new PeerNotifySettings(), About = $"{user.FirstName} of the test server" },
            Chats = [],
            Users = c.Users([user.Id]),
        };
    }

    private static ContactsContacts Contacts(CallContext c, ContactsGetContacts m)
    {
        var people = c.World.Accounts.Values.Where(a => a != c.Person() && !a.IsBot).Select(a => a.Id).ToArray();
        return new ContactsContacts { Contacts = [.. people.Select(p => new Contact { UserId = p, Mutual = true })], SavedCount = people.Length, Users = c.Users(people) };
    }

    private static ContactsResolvedPeer Resolve(CallContext c, ContactsResolveUsername m)
    {
        var name = m.Username.TrimStart('@');
        if (c.World.Accounts.Values.FirstOrDefault(a => string.Equals(a.Username, name, StringComparison.OrdinalIgnoreCase)) is { } account) return Resolved(c, account.Id);
        if (c.World.Rooms.Values.FirstOrDefault(r => string.Equals(r.Username, name, StringComparison.OrdinalIgnoreCase)) is { } room)
            return new ContactsResolvedPeer { Peer = room.Peer, Chats = c.Chats([room.Id]), Users = [] };
        throw new RpcFault(400, "USERNAME_NOT_OCCUPIED");
    }

    private static ContactsResolvedPeer Resolved(CallContext c, long user) =>
        new() { Peer = new PeerUser { UserId = user }, Chats = [], Users = c.Users([user]) };
}
