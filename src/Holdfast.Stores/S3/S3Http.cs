using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;
using Holdfast.Core.Model;

namespace Holdfast.Stores.S3;

/// <summary>One HTTP client for a store, which trusts the certificates it is told to.</summary>
internal sealed class S3Http : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client;

    public S3Http(S3Options options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(15), // an address may come to mean another machine
            AllowAutoRedirect = false, // signed for one host
            AutomaticDecompression = DecompressionMethods.None, // the bytes as they are
            MaxConnectionsPerServer = Math.Max(1, options.Connections) * 4,
        };
        if ((options.CaFile ?? Environment.GetEnvironmentVariable("AWS_CA_BUNDLE")) is { Length: > 0 } file)
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(file) };
        // Whoever calls has his own patience, which starts anew with each byte that moves.
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    // Names and dates are checked as always; only who may sign is another list.
    private static X509ChainPolicy Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new HoldfastException(ErrorKind.Usage, $"The certificates in '{file}' cannot be read: {e.Message}", "It must hold certificates in PEM form.", e);
        }
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new HoldfastException(ErrorKind.Usage, $"There is no certificate in '{file}'.", "It must hold certificates in PEM form (-----BEGIN CERTIFICATE-----).");
    }
}
