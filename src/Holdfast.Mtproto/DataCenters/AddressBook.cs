using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.DataCenters;

/// <summary>
/// Where data centres listen: first what the client was configured with, then what Telegram itself said (help.getConfig, updateDcOptions), which is
/// kept with the session. So a data centre that moved, or a new one, is found without a new version of this client.
/// </summary>
internal sealed class AddressBook(TelegramNetwork network, IEnumerable<SavedAddress> saved)
{
    private readonly Lock _gate = new();
    private List<DataCenter> _learned = [.. saved.Select(a => new DataCenter(a.DataCenter, a.Host, a.Port))];

    public bool Knows(int id) => Find(id).Count > 0;

    /// <exception cref="ArgumentException">There is no such data centre, as far as is known.</exception>
    public IReadOnlyList<DataCenter> Of(int id) =>
        Find(id) is { Count: > 0 } found ? found : throw new ArgumentException($"Data centre {id} is not known, and Telegram did not name an address for it.", nameof(id));

    /// <returns>Whether that was news.</returns>
    public bool Learn(IEnumerable<DcOption> options)
    {
        // Others need a way of their own: another protocol, another key, the proxy's secret; media ones take no ordinary calls.
        List<DataCenter> usable = [.. options.Where(o => !o.Ipv6 && !o.Cdn && !o.MediaOnly && !o.TcpoOnly && o.Secret is null).Select(o => new DataCenter(o.Id, o.IpAddress, o.Port)).Distinct()];
        lock (_gate)
        {
            if (usable.Count == 0 || usable.SequenceEqual(_learned)) return false;
            _learned = usable;
            return true;
        }
    }

    public List<SavedAddress> Save()
    {
        lock (_gate) return [.. _learned.Select(d => new SavedAddress(d.Id, d.Host, d.Port))];
    }

    private List<DataCenter> Find(int id)
    {
        lock (_gate) return [.. network.DataCenters.Concat(_learned).Where(d => d.Id == id).Distinct()];
    }
}
