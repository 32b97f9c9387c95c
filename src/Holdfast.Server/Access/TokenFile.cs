using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Server.Access;

/// <summary>
/// The tokens of a library's server: <c>PATH.server/tokens.json</c>, beside the library and readable by its owner alone, so
/// that a copy of the library gives nobody access. Read anew when it changes, so tokens come and go while the server runs.
/// </summary>
public sealed class TokenFile : IDisposable
{
    private const string Prefix = "hf_";
    private const int RandomBytes = 32;

    private static readonly EntryPath FilePath = EntryPath.From("tokens.json"), LockPath = EntryPath.From("lock");
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly IFolder _folder;
    private readonly Lock _lock = new();
    private IReadOnlyList<Token> _tokens = [];
    private FileStat? _read;

    /// <param name="library">The library's folder.</param>
    /// <exception cref="FileSystemException">The folder beside it cannot be made.</exception>
    public TokenFile(string library)
    {
        _folder = LocalFolders.Create(library.TrimEnd('/') + ".server");
        _folder.SetMode(EntryPath.Root, 0x1c0); // 0700
    }

    /// <summary>All tokens that were not revoked.</summary>
    public IReadOnlyList<Token> All
    {
        get
        {
            lock (_lock)
            {
                var now = _folder.TryStat(FilePath);
                if (now is null)
                    return [];
                if (_read is not { } then || !now.Value.SameContentsAs(then))
                {
                    _tokens = Read();
                    _read = now;
                }
                return _tokens;
            }
        }
    }

    /// <summary>Makes a token.</summary>
    /// <returns>Its text, which is kept nowhere.</returns>
    /// <exception cref="HoldfastException">There is one of that name.</exception>
    public string Add(string name, Scope scope, DateTimeOffset now, DateTimeOffset? expires, long? quota = null)
    {
        using var alone = Alone();
        if (All.Any(t => t.Name == name))
            throw new HoldfastException(ErrorKind.Usage, $"there is a token '{name}' already.", $"Revoke it first: holdfast token revoke {name} --library …");
        var text = Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(RandomBytes)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        Write([.. All, new Token(name, scope, HashOf(text), now, expires, quota)]);
        return text;
    }

    /// <summary>Makes a token worthless from now on.</summary>
    /// <exception cref="HoldfastException">There is none of that name.</exception>
    public void Revoke(string name)
    {
        using var alone = Alone();
        if (!All.Any(t => t.Name == name))
            throw new HoldfastException(ErrorKind.Usage, $"there is no token '{name}'.", "'holdfast token list --library …' shows them.");
        Write([.. All.Where(t => t.Name != name)]);
    }

    /// <summary>The token with this text, or null. Takes the same time whichever it is.</summary>
    public Token? Find(string text, DateTimeOffset now)
    {
        var hash = Encoding.ASCII.GetBytes(HashOf(text));
        Token? found = null;
        foreach (var token in All)
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(token.Sha256)) && (token.Expires is not { } end || now < end))
                found = token;
        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <summary>Who writes what he read before somebody else wrote loses a token, or lets one in again that was revoked.</summary>
    private IDisposable Alone() => PlaceLock.TakeAsync(_folder, LockPath, "token", LongestWait, CancellationToken.None).GetAwaiter().GetResult();

    private IReadOnlyList<Token> Read()
    {
        try
        {
            return SmallFile.TryRead(_folder, FilePath) is { } bytes ? JsonSerializer.Deserialize<List<Token>>(bytes, Readable) ?? [] : [];
        }
        catch (JsonException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"'{_folder.Display}/{FilePath}' is damaged: {e.Message}", "Remove it and make new tokens.", e);
        }
    }

    private void Write(IReadOnlyList<Token> tokens) => SmallFile.Write(_folder, FilePath, JsonSerializer.SerializeToUtf8Bytes(tokens, Readable));

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
