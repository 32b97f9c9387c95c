namespace Holdfast.Mtproto.Transport;

/// <summary>A way around: <see cref="Socks5Proxy"/> or <see cref="MtprotoProxy"/>.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
public abstract record Proxy(string Host, int Port);

/// <summary>SOCKS version 5 (RFC 1928, RFC 1929).</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="User">The user, if the proxy asks for one.</param>
/// <param name="Password">The user's password.</param>
public sealed record Socks5Proxy(string Host, int Port, string? User = null, string? Password = null) : Proxy(Host, Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"socks5 {Host}:{Port}";
}

/// <summary>An MTProto proxy: it takes obfuscated connections and passes them on to a data centre.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Secret">Hexadecimal: 16 bytes, or <c>dd</c> and 16 bytes for padded messages. Secrets that imitate TLS (<c>ee</c>) are not supported.</param>
public sealed record MtprotoProxy(string Host, int Port, string Secret) : Proxy(Host, Port)
{
    internal byte[] Key => Parse(Secret).Key;

    internal bool WantsPadding => Parse(Secret).Padded;

    /// <summary>Looks at the secret before anything is connected: a connection would be tried again and again.</summary>
    /// <exception cref="NotSupportedException">It asks for imitated TLS.</exception>
    /// <exception cref="FormatException">It is none.</exception>
    internal void Check() => Parse(Secret);

    /// <inheritdoc/>
    public override string ToString() => $"mtproto proxy {Host}:{Port}";

    private static (byte[] Key, bool Padded) Parse(string secret)
    {
        if (secret.StartsWith("ee", StringComparison.OrdinalIgnoreCase) && secret.Length > 34)
            throw new NotSupportedException("Proxy secrets that begin with 'ee' (imitated TLS) are not supported; ask for one that begins with 'dd'.");
        if (!secret.All(char.IsAsciiHexDigit) || secret.Length % 2 != 0) throw Malformed();
        var bytes = Convert.FromHexString(secret);
        return bytes.Length switch
        {
            16 => (bytes, false),
            17 when bytes[0] == 0xdd => (bytes[1..], true),
            _ => throw Malformed(),
        };

        static FormatException Malformed() => new("A proxy secret is 32 hexadecimal digits, or 'dd' and 32 digits.");
    }
}
