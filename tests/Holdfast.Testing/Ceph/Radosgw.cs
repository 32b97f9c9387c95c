using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Testing.Machines;

namespace Holdfast.Testing.Ceph;

/// <summary>A real S3 engine on loopback: Ceph's radosgw, with its data in memory. Started by whoever needs it first, stopped with the tests.</summary>
public sealed class Radosgw : IDisposable
{
    private static readonly string[] Daemons = ["client.rgw.a", "osd.0", "mon.a"];

    private readonly TemporaryFolder _folder = new("/dev/shm");
    private readonly Lazy<bool> _started;
    private int _http, _https;

    public Radosgw() => _started = new Lazy<bool>(Start);

    public string AccessKey => "AKTEST";

    public string SecretKey => "not-so-secret-12345";

    /// <summary>Where it answers without encryption. Starts it.</summary>
    public string Http => _started.Value ? $"http://127.0.0.1:{_http}" : "";

    /// <summary>Where it answers with a certificate that nobody trusts but who is told to. Starts it.</summary>
    public string Https => _started.Value ? $"https://127.0.0.1:{_https}" : "";

    /// <summary>The file of that certificate.</summary>
    public string CaFile => _folder["certificate.pem"];

    /// <summary>A file as people have in <c>~/.aws/credentials</c>, with the profiles <c>default</c> and <c>wrong</c>.</summary>
    public string CredentialsFile => _folder["credentials"];

    public void Dispose()
    {
        if (_started.IsValueCreated)
            foreach (var daemon in Daemons)
                Stop(_folder[$"ceph/run/{daemon}.pid"]);
        _folder.Dispose();
    }

    private bool Start()
    {
        Peer.Require("ceph-mon", "ceph-osd", "radosgw", "ceph", "monmaptool");
        var ports = FreePorts(4);
        (_http, _https) = (ports[2], ports[3]);
        WriteCertificate();
        File.WriteAllText(CredentialsFile, $"[default]\naws_access_key_id = {AccessKey}\naws_secret_access_key = {SecretKey}\n[wrong]\naws_access_key_id = {AccessKey}\naws_secret_access_key = nonsense\n");
        var script = new StreamReader(typeof(Radosgw).Assembly.GetManifestResourceStream("radosgw.sh")!).ReadToEnd();
        Command.Bash(script, [_folder["ceph"], .. ports.Select(p => p.ToString(System.Globalization.CultureInfo.InvariantCulture)), _folder["server.pem"], AccessKey, SecretKey]);
        return true;
    }

    private void WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(CaFile, certificate.ExportCertificatePem());
        File.WriteAllText(_folder["server.pem"], certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Stop());
        return ports;
    }

    private static void Stop(string pidFile)
    {
        if (!File.Exists(pidFile))
            return;
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(int.Parse(File.ReadAllText(pidFile), System.Globalization.CultureInfo.InvariantCulture));
            process.Kill(); // Its data are in memory; there is nothing to lose.
            process.WaitForExit(TimeSpan.FromSeconds(10));
        }
        catch (ArgumentException)
        {
            // It ended by itself.
        }
    }
}
