namespace Holdfast.Mtproto.Connections;

/// <summary>
/// The message ids seen lately, so that a repeated message is taken once
/// (https://core.telegram.org/mtproto/security_guidelines#checking-msg-id). Not safe for several threads.
/// </summary>
internal sealed class ReceivedIds(int capacity = 2048)
{
    private readonly SortedSet<long> _ids = [];

    /// <returns>False for an id that was seen, or is older than all that are remembered.</returns>
    public bool Add(long id)
    {
        if (_ids.Count >= capacity && id < _ids.Min) return false;
        if (!_ids.Add(id)) return false;
        if (_ids.Count > capacity) _ids.Remove(_ids.Min);
        return true;
    }

    public void Clear() => _ids.Clear();
}
