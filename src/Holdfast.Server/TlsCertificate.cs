using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Model;

namespace Holdfast.Server;

/// <summary>
/// A certificate for HTTPS with those of its signers. Clients know the root alone, so the server has to send what lies between:
/// the file that a certificate authority gives (fullchain.pem) holds all of them, its own first.
/// </summary>
/// <param name="Own">The server's, with its private key.</param>
/// <param name="Chain">All that stand in the file.</param>
public sealed record TlsCertificate(X509Certificate2 Own, X509Certificate2Collection Chain) : IDisposable
{
    /// <summary>Reads it.</summary>
    /// <param name="file">Certificates in PEM, the server's first.</param>
    /// <param name="key">Its private key in PEM; null when it is in the same file.</param>
    /// <exception cref="HoldfastException">It is none.</exception>
    public static TlsCertificate Read(string file, string? key)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPemFile(file);
            return new TlsCertificate(X509Certificate2.CreateFromPemFile(file, key), chain);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            Release(chain);
            throw new HoldfastException(ErrorKind.Usage, $"'{file}' cannot be used for HTTPS: {e.Message}", "A certificate and its private key are needed, both in PEM; --key names the key when it is in a file of its own.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Own.Dispose();
        Release(Chain);
    }

    private static void Release(X509Certificate2Collection chain)
    {
        foreach (var certificate in chain)
            certificate.Dispose();
    }
}
