using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Model;

namespace Holdfast.Server.Tests;

/// <summary>Certificates as an authority gives them: the server's, and the one between it and the root.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task WhoKnowsTheRootAloneTrustsTheServer()
    {
        using var authority = new Authority();
        await using var running = await StartAsync(authority);
        using var client = authority.Client();

        (await client.GetStringAsync($"{running.Address}/health", TestContext.Current.CancellationToken)).ShouldContain("ok");
    }

    [Fact]
    public async Task WhoDoesNotKnowItIsToldSoAndWhatToDo()
    {
        using var authority = new Authority();
        await using var running = await StartAsync(authority);

        var failure = await Should.ThrowAsync<HoldfastException>(() => running.BackupAsync("phone", "hf_any"));

        failure.Message.ShouldContain($"the certificate of {running.Address} is not trusted");
        failure.Message.ShouldContain("SSL_CERT_FILE");
    }

    [Fact]
    public async Task ACertificateWithoutItsKeyIsNamed()
    {
        using var authority = new Authority();
        await using var running = await Running.StartAsync();
        var file = running.File("fullchain.pem", authority.FullChain);

        Should.Throw<HoldfastException>(() => TlsCertificate.Read(file, key: null)).Message.ShouldContain(file);
        Should.Throw<HoldfastException>(() => TlsCertificate.Read(running["nowhere.pem"], key: null)).Message.ShouldContain("nowhere.pem");
    }

    private static async Task<Running> StartAsync(Authority authority)
    {
        using var folder = new Testing.Machines.TemporaryFolder();
        var certificate = TlsCertificate.Read(folder.File("fullchain.pem", authority.FullChain), folder.File("key.pem", authority.Key));
        return await Running.StartAsync(new ServerOptions { Certificate = certificate });
    }

    /// <summary>A root, an authority below it, and a server's certificate from that one.</summary>
    private sealed class Authority : IDisposable
    {
        private static readonly DateTimeOffset From = DateTimeOffset.UnixEpoch.AddYears(50), Until = From.AddYears(60);

        private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), _middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), _serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private readonly X509Certificate2 _root;

        public Authority()
        {
            _root = Request("root", _rootKey, isAuthority: true).CreateSelfSigned(From, Until);
            using var middle = Request("middle", _middleKey, isAuthority: true).Create(_root, From, Until, [1]).CopyWithPrivateKey(_middleKey);
            using var server = Request("server", _serverKey, isAuthority: false).Create(middle, From, Until, [2]);
            FullChain = $"{server.ExportCertificatePem()}\n{middle.ExportCertificatePem()}\n";
            Key = _serverKey.ExportPkcs8PrivateKeyPem();
        }

        public string FullChain { get; }

        public string Key { get; }

        public HttpClient Client()
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            policy.CustomTrustStore.Add(_root);
            return new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } });
        }

        public void Dispose()
        {
            _root.Dispose();
            _rootKey.Dispose();
            _middleKey.Dispose();
            _serverKey.Dispose();
        }

        private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
        {
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            return request;
        }
    }
}
