using System.Globalization;
using Holdfast.Mtproto.KeyExchange;
using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer;

/// <summary>The server's state as lines that are only ever added: <c>journal.txt</c>, the bytes of files beside it, and the RSA key.</summary>
internal sealed class Journal : IDisposable
{
    private readonly string _folder;
    private readonly StreamWriter _lines;
    private readonly Lock _gate = new();

    public Journal(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(Path.Combine(folder, "files"));
        var keyPath = Path.Combine(folder, "server-key.pem");
        if (!File.Exists(keyPath)) File.WriteAllText(keyPath, ServerKey.Create().PrivatePem);
        Key = ServerKey.FromPem(File.ReadAllText(keyPath));
        Known = File.Exists(LinesPath) ? File.ReadAllLines(LinesPath) : [];
        _lines = new StreamWriter(new FileStream(LinesPath, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    public ServerKey Key { get; }

    private string[] Known { get; }

    private string LinesPath => Path.Combine(_folder, "journal.txt");

    /// <returns>Whether there was anything.</returns>
    public bool Load(TelegramServer server)
    {
        foreach (var line in Known) Read(server, line.Split('\t'));
        return Known.Length > 0;
    }

    public void Write(KeyState key) => Add("key", key.DataCenter, key.Salt, key.Account?.Id ?? 0, Convert.ToHexString(key.Key.Bytes));

    public void Write(Room room) => Add("room", room.Id, room.Kind, room.Creator, room.Date, room.IsForum, Uri.EscapeDataString(room.Title), room.Username ?? "",
        string.Join(',', room.Members), string.Join(',', room.Topics.Select(t => $"{t.Key}={Uri.EscapeDataString(t.Value)}")));

    public void Write(StoredFile file)
    {
        var path = Path.Combine(_folder, "files", file.Id.ToString(CultureInfo.InvariantCulture));
        using (var stream = File.Create(path))
            foreach (var part in file.Parts) stream.Write(part.Span);
        using var w = new TlWriter();
        w.VectorHead(file.Attributes.Length);
        foreach (var attribute in file.Attributes) attribute.WriteTo(w);
        Add("file", file.Id, file.PartSize, file.DataCenter, file.Date, file.IsPhoto, file.MimeType, Convert.ToBase64String(w.Written), Convert.ToBase64String(file.Thumbnail.Span));
    }

    public void Write(TelegramWorld world, MessageBox box, BoxEvent change)
    {
        var owner = OwnerOf(world, box);
        var message = change.Update switch
        {
            UpdateNewMessage u => u.Message,
            UpdateNewChannelMessage u => u.Message,
            UpdateEditMessage u => u.Message,
            UpdateEditChannelMessage u => u.Message,
            UpdatePinnedMessages u => box.Messages[u.Messages[0]],
            UpdatePinnedChannelMessages u => box.Messages[u.Messages[0]],
            _ => null,
        };
        if (message is not null) Add("message", owner, box.LastId, box.Pts, Convert.ToBase64String(TlWriter.ToBytes(message)));
        else if (change.Update is UpdateDeleteMessages d) Add("delete", owner, box.LastId, box.Pts, string.Join(',', d.Messages));
        else if (change.Update is UpdateDeleteChannelMessages h) Add("delete", owner, box.LastId, box.Pts, string.Join(',', h.Messages));
    }

    public void Dispose() => _lines.Dispose();

    private void Add(params object[] words)
    {
        lock (_gate) _lines.WriteLine(string.Join('\t', words.Select(w => Convert.ToString(w, CultureInfo.InvariantCulture))));
    }

    private static string OwnerOf(TelegramWorld world, MessageBox box) =>
        world.Accounts.Values.FirstOrDefault(a => a.Box == box) is { } account ? $"user:{account.Id}" : $"room:{world.Rooms.Values.First(r => r.Box == box).Id}";

    private static MessageBox BoxOf(TelegramWorld world, string owner)
    {
        var id = Long(owner[5..]);
        return owner.StartsWith("user:", StringComparison.Ordinal) ? world.AccountOf(id).Box : world.RoomOf(id).Box;
    }

    private void Read(TelegramServer server, string[] w)
    {
        switch (w[0])
        {
            case "key":
                var account = Long(w[3]);
                server.Restore(new KeyState(new AuthKey(Convert.FromHexString(w[4])), Int(w[1]), Long(w[2])) { Account = account == 0 ? null : server.World.AccountOf(account) });
                break;
            case "room":
                ReadRoom(server.World, w);
                break;
            case "file":
                ReadFile(server.World, w);
                break;
            case "message":
                var box = BoxOf(server.World, w[1]);
                var r = new TlReader(Convert.FromBase64String(w[4]));
                box.Restore(MessageBase.ReadFrom(ref r));
                box.RestoreCounters(Int(w[2]), Int(w[3]));
                break;
            case "delete":
                var from = BoxOf(server.World, w[1]);
                foreach (var id in w[4].Split(',')) from.Messages.Remove(Int(id));
                from.RestoreCounters(Int(w[2]), Int(w[3]));
                break;
        }
    }

    private static void ReadRoom(TelegramWorld world, string[] w)
    {
        var members = w[8].Split(',').Select(Long).ToList();
        if (!world.Rooms.TryGetValue(Long(w[1]), out var room))
            room = world.CreateRoom(Uri.UnescapeDataString(w[6]), Enum.Parse<RoomKind>(w[2]), Long(w[3]), members, w[7].Length > 0 ? w[7] : null, Long(w[1]), Int(w[4]));
        room.IsForum = bool.Parse(w[5]);
        foreach (var left in room.Members.Except(members).ToList()) room.Members.Remove(left);
        foreach (var member in members) world.Join(room, member);
        foreach (var topic in w[9].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(t => t.Split('='))) room.Topics[Int(topic[0])] = Uri.UnescapeDataString(topic[1]);
    }

    private void ReadFile(TelegramWorld world, string[] w)
    {
        var r = new TlReader(Convert.FromBase64String(w[7]));
        var attributes = r.Vector(static (ref TlReader x) => DocumentAttribute.ReadFrom(ref x));
        var bytes = File.ReadAllBytes(Path.Combine(_folder, "files", w[1]));
        var size = Int(w[2]);
        ReadOnlyMemory<byte>[] parts = [.. Enumerable.Range(0, (bytes.Length + size - 1) / size).Select(i => (ReadOnlyMemory<byte>)bytes.AsMemory(i * size, Math.Min(size, bytes.Length - (i * size))))];
        world.Restore(new StoredFile(Long(w[1]), parts, size, Int(w[3]), Int(w[4]), bool.Parse(w[5])) { MimeType = w[6], Attributes = attributes, Thumbnail = Convert.FromBase64String(w[8]) });
    }

    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
