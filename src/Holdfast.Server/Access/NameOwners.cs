using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Record;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Access;

/// <summary>
/// Whose the names of a client are (<c>restore --as-uploaded CLIENT</c>): a client that is called like a token is that token's, any other
/// the token's that first recorded names for it. A line of <c>PATH.server/clients.jsonl</c> for each of those:
/// <code>{"client":"laptop","token":"anna"}</code>
/// </summary>
internal sealed class NameOwners : IDisposable
{
    private readonly IFolder _folder;
    private readonly LineFile _lines;
    private readonly TokenFile _tokens;
    private readonly Lock _lock = new();
    private Dictionary<string, string>? _owners;

    /// <param name="path">The library's folder.</param>
    /// <param name="tokens">The tokens.</param>
    public NameOwners(string path, TokenFile tokens)
    {
        _folder = LocalFolders.Create(path.TrimEnd('/') + ".server");
        _lines = new LineFile(_folder, EntryPath.From("clients.jsonl"));
        _tokens = tokens;
    }

    /// <summary>Refuses names for a client that is another token's, unless this one may do everything. The first one to ask owns a client that is nobody's.</summary>
    /// <exception cref="BadHttpRequestException">They are another's (403); says whose.</exception>
    public void Require(Token token, string client)
    {
        if (client == token.Name)
            return;
        var owner = _tokens.All.Any(t => t.Name == client) ? client : OwnerOf(client, token);
        if (owner != token.Name && token.Scope < Scope.Full)
            throw new BadHttpRequestException(
                $"the names of the client '{client}' belong to the token '{owner}', and '{token.Name}' has not the scope 'full'; give this machine another name ('client:' in its config), or a token that is called '{owner}'",
                StatusCodes.Status403Forbidden);
    }

    public void Dispose() => _folder.Dispose();

    private string OwnerOf(string client, Token first)
    {
        lock (_lock)
        {
            _owners ??= Read();
            if (_owners.TryGetValue(client, out var owner))
                return owner;
            _lines.Append([.. JsonSerializer.SerializeToUtf8Bytes(new Line(client, first.Name), JsonSerializerOptions.Web), (byte)'\n']);
            _folder.Barrier();
            return _owners[client] = first.Name;
        }
    }

    private Dictionary<string, string> Read()
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var (bytes, _) in _lines.Read(0))
                if (JsonSerializer.Deserialize<Line>(bytes, JsonSerializerOptions.Web) is { Client: not null, Token: not null } line)
                    owners.TryAdd(line.Client, line.Token);
            return owners;
        }
        catch (JsonException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"'{_lines.Display}' is damaged: {e.Message}", "Take that line out, or remove the file: then each client is the token's that uses it next.", e);
        }
    }

    private sealed record Line(string Client, string Token);
}
