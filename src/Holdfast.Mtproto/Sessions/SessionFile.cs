using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Holdfast.Mtproto.Sessions;

/// <summary>
/// An encrypted session file, readable by its owner alone. While it is open it is locked: one session used from two places at once is closed by Telegram.
/// </summary>
/// <remarks>
/// Format: "HFTS", version 1, iterations of PBKDF2-SHA-512 (4 bytes, little-endian), salt (16), nonce (12), tag (16), AES-256-GCM of the session.
/// Everything before the nonce is authenticated with it.
/// </remarks>
public sealed class SessionFile : ISessionStore
{
    private const int Iterations = 210_000;
    private const int MaxIterations = 10_000_000;
    private const int SaltSize = 16;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int HeadSize = 4 + 1 + 4 + SaltSize;
    private static readonly byte[] Magic = "HFTS"u8.ToArray();
    private readonly string _path;
    private readonly byte[] _secret;
    private readonly FileStream _lock;
    private byte[]? _head;
    private byte[]? _key;

    private SessionFile(string path, byte[] secret, FileStream @lock)
    {
        _path = path;
        _secret = secret;
        _lock = @lock;
    }

    /// <summary>Takes a session file into use; it need not exist yet.</summary>
    /// <param name="path">The file; a lock stands beside it.</param>
    /// <param name="secret">A passphrase or a key, of any length above zero.</param>
    /// <exception cref="IOException">Another process uses the session.</exception>
    public static SessionFile Open(string path, ReadOnlySpan<byte> secret)
    {
        if (secret.IsEmpty) throw new ArgumentException("The session file needs a secret.", nameof(secret));
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new SessionFile(path, secret.ToArray(), new FileStream(path + ".lock", options));
        }
        catch (IOException e) when (File.Exists(path + ".lock"))
        {
            throw new IOException($"The session {path} is in use by another process. Telegram closes a session that is used from two places, so give each its own login.", e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CryptographicException">The secret is wrong, or the file is damaged.</exception>
    public async Task<byte[]?> LoadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_path)) return null;
        var bytes = await File.ReadAllBytesAsync(_path, cancellationToken);
        if (bytes.Length < HeadSize + NonceSize + TagSize || !bytes.AsSpan(0, 4).SequenceEqual(Magic) || bytes[4] != 1)
            throw new CryptographicException($"{_path} is not a session file of this version.");
        UseHead(bytes[..HeadSize]);
        var plain = new byte[bytes.Length - HeadSize - NonceSize - TagSize];
        using var aes = new AesGcm(_key!, TagSize);
        try
        {
            var rest = bytes.AsSpan(HeadSize);
            aes.Decrypt(rest[..NonceSize], rest[(NonceSize + TagSize)..], rest.Slice(NonceSize, TagSize), plain, _head);
            return plain;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new CryptographicException($"The secret for {_path} is wrong, or the file is damaged.", e);
        }
    }

    /// <inheritdoc/>
    public async Task SaveAsync(ReadOnlyMemory<byte> session, CancellationToken cancellationToken)
    {
        if (_head is null) UseHead(NewHead());
        var bytes = new byte[HeadSize + NonceSize + TagSize + session.Length];
        Seal(bytes, session.Span);
        var temporary = _path + ".tmp";
        await using (var file = new FileStream(temporary, CreateOptions()))
        {
            await file.WriteAsync(bytes, cancellationToken);
            // Invariant: the name changes only when the bytes are durable, so a crash never costs the login.
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, _path, overwrite: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        CryptographicOperations.ZeroMemory(_key);
        CryptographicOperations.ZeroMemory(_secret);
        await _lock.DisposeAsync();
    }

    private static FileStreamOptions CreateOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private void Seal(Span<byte> target, ReadOnlySpan<byte> session)
    {
        _head.CopyTo(target);
        var rest = target[HeadSize..];
        RandomNumberGenerator.Fill(rest[..NonceSize]);
        using var aes = new AesGcm(_key!, TagSize);
        aes.Encrypt(rest[..NonceSize], session, rest[(NonceSize + TagSize)..], rest.Slice(NonceSize, TagSize), _head);
    }

    private void UseHead(byte[] head)
    {
        var iterations = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(5));
        if (iterations is < 1 or > MaxIterations) throw new CryptographicException($"{_path} is damaged.");
        _head = head;
        _key = Rfc2898DeriveBytes.Pbkdf2(_secret, head.AsSpan(9, SaltSize), iterations, HashAlgorithmName.SHA512, 32);
    }

    private static byte[] NewHead()
    {
        var head = new byte[HeadSize];
        Magic.CopyTo(head, 0);
        head[4] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(5), Iterations);
        RandomNumberGenerator.Fill(head.AsSpan(9));
        return head;
    }
}
