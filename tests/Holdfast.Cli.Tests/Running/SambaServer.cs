using System.Diagnostics;
using System.Globalization;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Running;

/// <summary>A real Samba server on loopback with a share 'files', and a config of rclone in which it is called 'nas'.</summary>
internal sealed class SambaServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    public SambaServer()
    {
        Peer.RequireRoot();
        Peer.Require("smbd", "rclone", "fusermount3");
        var port = FreePort.Next();
        string Own(string name) => _folder.Folder(name);
        _folder.File("smb.conf", $"""
            [global]
            server role = standalone server
            interfaces = 127.0.0.1
            bind interfaces only = yes
            smb ports = {port.ToString(CultureInfo.InvariantCulture)}
            map to guest = Bad User
            guest account = root
            private dir = {Own("private")}
            lock directory = {Own("lock")}
            state directory = {Own("state")}
            cache directory = {Own("cache")}
            pid directory = {Own("pid")}
            ncalrpc dir = {Own("ncalrpc")}
            log file = {_folder["log"]}
            load printers = no
            disable spoolss = yes
            [files]
            path = {Own("files")}
            guest ok = yes
            """ + "\n");
        var password = Command.Must("rclone", "obscure", "anything").Text.Trim();
        RcloneConfig = _folder.File("rclone.conf", $"[nas]\ntype = smb\nhost = 127.0.0.1\nport = {port.ToString(CultureInfo.InvariantCulture)}\nuser = guest\npass = {password}\n");
        _process = Command.Start("/usr/sbin/smbd", ["--foreground", "--no-process-group", "-s", _folder["smb.conf"]]);
        Eventually.Listens(port, _process);
    }

    /// <summary>For rclone --config.</summary>
    public string RcloneConfig { get; }

    public void File(string name, string text) => _folder.File(Path.Combine("files", name), text);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}
