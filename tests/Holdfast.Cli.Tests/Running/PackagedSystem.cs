using System.Diagnostics;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Running;

/// <summary>
/// A system the Debian package is installed in: an empty folder with a database of packages of its own, where the program is
/// the one under test, or with HOLDFAST_SOAK=1 a bare Debian (debootstrap) with the package as people get it.
/// </summary>
internal sealed class PackagedSystem : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(30);
    private readonly TemporaryFolder _folder = new();
    private readonly bool _isBare = Environment.GetEnvironmentVariable("HOLDFAST_SOAK") is { Length: > 0 };

    public PackagedSystem()
    {
        Peer.RequireRoot();
        Peer.Require("dpkg", "dpkg-deb", "gzip");
        if (_isBare)
            Debootstrap();
        else
            Empty();
        Dpkg("-i", Package).Checked("dpkg");
    }

    /// <summary>The package's file.</summary>
    public string Package { get; private set; } = "";

    /// <summary>The system's root folder.</summary>
    public string Root => _folder.Folder("root");

    public string this[string path] => Path.Combine(Root, path.TrimStart('/'));

    public void Remove() => Dpkg("-r", "holdfast").Checked("dpkg");

    /// <summary>Runs the installed command; words that begin with / are paths of the system.</summary>
    public Command Run(params IEnumerable<string> words)
    {
        var all = Words(words);
        return Command.Run(all[0], all.Skip(1), timeout: Long, environment: Alone);
    }

    /// <summary>Starts it.</summary>
    public Process Start(params IEnumerable<string> words)
    {
        var all = Words(words);
        return Command.Start(all[0], all.Skip(1), environment: Alone);
    }

    /// <summary>What systemd would run for a unit of the package.</summary>
    public IReadOnlyList<string> ExecStart(string unit, IReadOnlyDictionary<string, string> environment)
    {
        var line = File.ReadLines(this["lib/systemd/system/" + unit]).Single(l => l.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..];
        foreach (var (name, value) in environment)
            line = line.Replace($"${{{name}}}", value, StringComparison.Ordinal).Replace("$" + name, value, StringComparison.Ordinal);
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => _folder.Dispose();

    private static IReadOnlyDictionary<string, string?> Alone { get; } = new Dictionary<string, string?> { ["HOME"] = "/", ["XDG_STATE_HOME"] = null, ["XDG_CONFIG_HOME"] = null, ["HOLDFAST_PROGRAM_DIR"] = null, ["TZ"] = "UTC", ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin" };

    // .NET asks /proc how much memory there is. The mount is gone with the process.
    private string[] Inside => ["unshare", "--mount", "sh", "-c", "mount -t proc proc \"$0/proc\" && exec chroot \"$0\" \"$@\"", Root];

    private List<string> Words(IEnumerable<string> words) =>
        _isBare ? [.. Inside, .. words] : [.. words.Select(w => w.StartsWith('/') ? this[w] : w)];

    private Command Dpkg(params string[] words) => _isBare
        ? Command.Run(Inside[0], [.. Inside.Skip(1), "dpkg", .. words.Select(w => w == Package ? "/" + Path.GetFileName(Package) : w)], timeout: Long)
        : Command.Run("dpkg", ["--root=" + Root, "--force-script-chrootless", "--force-depends", .. words]);

    private void Empty()
    {
        foreach (var file in new[] { "var/lib/dpkg/status", "var/lib/dpkg/info/format" })
            _folder.File("root/" + file, file.EndsWith("format", StringComparison.Ordinal) ? "1\n" : "");
        _folder.Folder("root/var/lib/dpkg/updates");
        var program = _folder.File("holdfast", $"#!/bin/sh\nexec dotnet '{Machine.Program}' \"$@\"\n");
        Command.Must("chmod", "+x", program);
        Package = _folder["holdfast.deb"];
        Command.Must(Path.Combine(Repository.Root, "eng/package/deb"), program, Package);
    }

    private void Debootstrap()
    {
        Peer.Require("debootstrap", "python3", "unshare");
        Command.Run(Path.Combine(Repository.Root, "eng/package/build"), [_folder["dist"]], timeout: Long).Checked("eng/package/build");
        Command.Run("sha256sum", ["--check", "--quiet", "SHA256SUMS"], folder: _folder["dist"]).Checked("sha256sum");
        Package = Directory.GetFiles(_folder["dist"], "*.deb").Single();
        var depends = Command.Must("dpkg-deb", "-f", Package, "Depends").Text.Trim().Split(", ").Select(d => d.Split(' ')[0]);
        Command.Run("debootstrap", ["--variant=minbase", "--include=" + string.Join(',', depends), "bookworm", Root], timeout: Long).Checked("debootstrap");
        File.Copy(Package, this[Path.GetFileName(Package)]);
    }
}
