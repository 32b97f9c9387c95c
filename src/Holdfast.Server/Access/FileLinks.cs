using System.Collections.Concurrent;
using System.Security.Cryptography;
using Holdfast.Core.Model;

namespace Holdfast.Server.Access;

/// <summary>
/// Addresses of single files, for what a browser loads without asking the page: a video that is played, a file that is saved. Each
/// is as hard to guess as a token, shows one file only, and ends with its token, <see cref="Lifetime"/> after it was last used, or with
/// the server.
/// </summary>
internal sealed class FileLinks(TokenFile tokens, TimeProvider time)
{
    /// <summary>Links that one token may have; the one that was used least lately gives way.</summary>
    public const int MostOfOne = 1000;

    /// <summary>How long a link lives without use: a film may be stopped for a while.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Link> _links = new(StringComparer.Ordinal);

    /// <summary>Makes a link; its id.</summary>
    public string Make(Token token, EntryPath path)
    {
        foreach (var (old, link) in _links)
            if (IsOver(link))
                _links.TryRemove(old, out _);
        var own = _links.Where(l => l.Value.Token.Name == token.Name).ToList();
        if (own.Count >= MostOfOne)
            _links.TryRemove(own.MinBy(l => l.Value.Used).Key, out _);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _links[id] = new Link(token, path, Now);
        return id;
    }

    /// <summary>The file that a link shows; null when it is none, or none any more.</summary>
    public EntryPath? Find(string id)
    {
        if (!_links.TryGetValue(id, out var link) || IsOver(link) || !IsValid(link.Token))
            return null;
        link.Used = Now;
        return link.Path;
    }

    private long Now => time.GetUtcNow().UtcTicks;

    private bool IsOver(Link link) => Now - link.Used > Lifetime.Ticks;

    private bool IsValid(Token token) => tokens.All.Contains(token) && (token.Expires is not { } end || time.GetUtcNow() < end);

    private sealed class Link(Token token, EntryPath path, long used)
    {
        private long _used = used;

        public Token Token => token;

        public EntryPath Path => path;

        public long Used
        {
            get => Interlocked.Read(ref _used);
            set => Interlocked.Exchange(ref _used, value);
        }
    }
}
