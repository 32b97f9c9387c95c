using System.Collections.Concurrent;

namespace Holdfast.Server.Figures;

/// <summary>How many requests were answered how, since the server began.</summary>
internal sealed class RequestCounts
{
    private readonly ConcurrentDictionary<(string Method, int Status), long> _counts = new();

    public void Add(string method, int status) => _counts.AddOrUpdate((method, status), 1, (_, count) => count + 1);

    public IEnumerable<((string Method, int Status) Kind, long Count)> All => _counts.Select(c => (c.Key, c.Value)).OrderBy(c => c.Key);
}
