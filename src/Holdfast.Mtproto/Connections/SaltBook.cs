using Holdfast.Mtproto.Tl.Service;

namespace Holdfast.Mtproto.Connections;

/// <summary>
/// The server salts of one data centre: the one of now, and those that are to follow it
/// (https://core.telegram.org/mtproto/service_messages#request-for-several-future-salts). Times are the server's, in seconds since 1970 UTC.
/// </summary>
internal sealed class SaltBook
{
    private const int KnownAhead = 600;
    private const int AskAgain = 60;
    private readonly Lock _gate = new();
    private List<FutureSalt> _coming = [];
    private long _current;
    private long _knownUntil;
    private long _asked = long.MinValue;

    /// <summary>The salt for a message that is sent now.</summary>
    public long At(long now)
    {
        lock (_gate)
        {
            while (_coming.Count > 0 && _coming[0].ValidSince <= now)
            {
                _current = _coming[0].Salt;
                _coming.RemoveAt(0);
            }
            return _current;
        }
    }

    /// <summary>The server named its salt of now.</summary>
    /// <returns>Whether it is another one.</returns>
    public bool Set(long salt)
    {
        lock (_gate)
        {
            if (_current == salt) return false;
            _current = salt;
            return true;
        }
    }

    /// <summary>A new key has salts of its own.</summary>
    public void Reset(long salt)
    {
        lock (_gate)
        {
            (_coming, _current, _knownUntil, _asked) = ([], salt, 0, long.MinValue);
        }
    }

    public void Learn(FutureSalts salts)
    {
        lock (_gate)
        {
            _coming = [.. salts.Salts.Where(s => s.ValidSince > salts.Now).OrderBy(s => s.ValidSince)];
            _knownUntil = salts.Salts.Select(s => (long)s.ValidUntil).DefaultIfEmpty().Max();
        }
    }

    /// <summary>Whether the known salts end within ten minutes and nobody has asked for more in the last one. To be told so is to ask.</summary>
    public bool MustAsk(long now)
    {
        lock (_gate)
        {
            if (_knownUntil > now + KnownAhead || (_asked != long.MinValue && Math.Abs(now - _asked) < AskAgain)) return false;
            _asked = now;
            return true;
        }
    }
}
