using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.World;

/// <summary>Messages with one numbering, and the numbered changes to them (pts) that clients follow.</summary>
internal sealed class MessageBox
{
    private readonly List<BoxEvent> _events = [];

    public SortedList<int, MessageBase> Messages { get; } = [];

    public int LastId { get; private set; }

    public int Pts { get; private set; } = 1;

    public int NextId() => ++LastId;

    public void Restore(MessageBase message)
    {
        Messages[IdOf(message)] = message;
        LastId = Math.Max(LastId, IdOf(message));
    }

    public void RestoreCounters(int lastId, int pts)
    {
        LastId = Math.Max(LastId, lastId);
        Pts = Math.Max(Pts, pts);
        OldestPts = Pts;
    }

    /// <summary>Events older than this are forgotten: whoever is further behind has too much to catch up with.</summary>
    public int OldestPts { get; private set; } = 1;

    /// <returns>pts after the change.</returns>
    public int Record(int count, Func<int, Update> update)
    {
        Pts += count;
        _events.Add(new BoxEvent(Pts, count, update(Pts)));
        return Pts;
    }

    public IEnumerable<BoxEvent> Since(int pts) => _events.Where(e => e.Pts > pts);

    public static int IdOf(MessageBase message) => message switch
    {
        Message m => m.Id,
        MessageService s => s.Id,
        MessageEmpty e => e.Id,
        _ => 0,
    };
}

internal sealed record BoxEvent(int Pts, int Count, Update Update);
