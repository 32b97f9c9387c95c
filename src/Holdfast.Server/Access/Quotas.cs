using System.Globalization;
using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Record;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Access;

/// <summary>
/// What tokens that have a quota brought into a library: a line of <c>PATH.server/usage.jsonl</c> for each content that was new.
/// It counts as long as the library holds it, whoever has it too. Lines are not made durable one by one: after a power loss a
/// few contents may count for nobody.
/// </summary>
internal sealed class Quotas : IDisposable
{
    // An owner who has no room left and keeps trying must not have everything looked up each time.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private readonly IFolder _folder;
    private readonly LineFile _lines;
    private readonly LibraryFolder _library;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Dictionary<string, Usage>? _used;

    /// <param name="path">The library's folder.</param>
    /// <param name="library">The library.</param>
    /// <param name="time">The clock.</param>
    public Quotas(string path, LibraryFolder library, TimeProvider time)
    {
        _folder = LocalFolders.Create(path.TrimEnd('/') + ".server");
        _lines = new LineFile(_folder, EntryPath.From("usage.jsonl"));
        _library = library;
        _time = time;
    }

    /// <summary>Refuses what does not fit.</summary>
    /// <param name="token">Whose.</param>
    /// <param name="underWay">Bytes that are being sent and are not in the library yet.</param>
    /// <param name="more">Bytes to come.</param>
    /// <exception cref="BadHttpRequestException">They do not fit (507); says the numbers.</exception>
    public void Require(Token token, long underWay, long more)
    {
        if (token.Quota is not { } quota)
            return;
        lock (_lock)
        {
            var used = UsageOf(token.Name);
            if (used.Bytes + underWay + more > quota && (used.Looked is not { } then || _time.GetElapsedTime(then) >= BetweenLooks))
                LookAgain(used);
            if (used.Bytes + underWay + more > quota)
                throw new BadHttpRequestException(
                    string.Create(CultureInfo.InvariantCulture, $"the quota of '{token.Name}' is {quota} bytes: {used.Bytes} are used, {underWay} are on their way, and {more} more do not fit"),
                    StatusCodes.Status507InsufficientStorage);
        }
    }

    /// <summary>Takes note of a content that is new in the library.</summary>
    public void Took(Token token, ContentId content, long size)
    {
        if (token.Quota is null)
            return;
        lock (_lock)
        {
            UsageOf(token.Name).Add(content, size);
            _lines.Append(LineOf(token.Name, content, size));
        }
    }

    public void Dispose() => _folder.Dispose();

    private Usage UsageOf(string name)
    {
        _used ??= Read();
        if (!_used.TryGetValue(name, out var usage))
            _used[name] = usage = new Usage();
        return usage;
    }

    /// <summary>What people removed meanwhile counts no more.</summary>
    private void LookAgain(Usage usage)
    {
        usage.Looked = _time.GetTimestamp();
        usage.RemoveWhere(content => !_library.Knows(content));
    }

    private Dictionary<string, Usage> Read()
    {
        var used = new Dictionary<string, Usage>(StringComparer.Ordinal);
        foreach (var (bytes, _) in _lines.Read(0))
        {
            using var line = Parse(bytes);
            var name = line.RootElement.GetProperty("token").GetString()!;
            if (!used.TryGetValue(name, out var usage))
                used[name] = usage = new Usage();
            usage.Add(ContentId.Parse(line.RootElement.GetProperty("sha256").GetString()), line.RootElement.GetProperty("size").GetInt64());
        }
        return used;
    }

    private JsonDocument Parse(byte[] bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"'{_lines.Display}' is damaged: {e.Message}", "Take that line out, or remove the file: then what was brought so far counts for nobody.", e);
        }
    }

    private static byte[] LineOf(string name, ContentId content, long size)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("token", name);
            json.WriteString("sha256", content.ToString());
            json.WriteNumber("size", size);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>What one token brought.</summary>
    private sealed class Usage
    {
        private readonly Dictionary<ContentId, long> _contents = [];

        public long Bytes { get; private set; }

        /// <summary>When it was compared with the library; null for never.</summary>
        public long? Looked { get; set; }

        public void Add(ContentId content, long size)
        {
            if (_contents.TryAdd(content, size))
                Bytes += size;
        }

        public void RemoveWhere(Func<ContentId, bool> isGone)
        {
            foreach (var (content, size) in _contents.Where(c => isGone(c.Key)).ToList())
            {
                _contents.Remove(content);
                Bytes -= size;
            }
        }
    }
}
