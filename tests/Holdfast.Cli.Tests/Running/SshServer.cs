using System.Diagnostics;
using System.Globalization;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Running;

/// <summary>A real OpenSSH server on loopback, with a folder of files and a client config in which it is called 'server'.</summary>
internal sealed class SshServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    public SshServer()
    {
        Peer.RequireRoot();
        Peer.Require("sshd", "ssh-keygen", "sshfs", "fusermount3");
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        Files = _folder.Folder("files");
        foreach (var key in new[] { "host", "client" })
            Command.Must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", _folder[key]);
        ClientConfig = _folder.File("ssh_config", $"""
            Host server
                HostName 127.0.0.1
                Port {port}
                User root
                IdentityFile {_folder["client"]}
                IdentitiesOnly yes
                UserKnownHostsFile {_folder["known_hosts"]}
                StrictHostKeyChecking no
                ConnectTimeout 10
            """ + "\n");
        _folder.File("sshd_config", $"""
            ListenAddress 127.0.0.1
            Port {port}
            HostKey {_folder["host"]}
            AuthorizedKeysFile {_folder["client.pub"]}
            PermitRootLogin prohibit-password
            StrictModes no
            UsePAM no
            PidFile none
            Subsystem sftp internal-sftp
            """ + "\n");
        Directory.CreateDirectory("/run/sshd"); // Its privilege separation needs it; a system makes it when the service starts.
        _process = Command.Start("/usr/sbin/sshd", ["-D", "-e", "-f", _folder["sshd_config"]]);
        Eventually.Listens(int.Parse(port, CultureInfo.InvariantCulture), _process);
    }

    /// <summary>The folder that is served.</summary>
    public string Files { get; }

    /// <summary>For ssh -F.</summary>
    public string ClientConfig { get; }

    public void File(string name, string text) => _folder.File(Path.Combine("files", name), text);

    public void Stop()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Stop();
        _process.Dispose();
        _folder.Dispose();
    }
}
