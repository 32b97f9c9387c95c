using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Packaging;

/// <summary>
/// This machine as one that has no .NET: in a mount namespace of its own, empty folders lie over every .NET that is
/// installed, and nothing of this environment is left. What is mounted in it is gone when it ends.
/// </summary>
internal sealed class BareMachine : IDisposable
{
    private readonly TemporaryFolder _folder = new("/var/tmp");

    public BareMachine()
    {
        Peer.RequireRoot();
        Peer.Require("unshare", "mount");
        _folder.File("home/Documents/todo.txt", "buy milk\n");
        _folder.File("home/Documents/Projects/plan.txt", "one\n");
    }

    public string this[string name] => _folder[name];

    public string File(string name, string text) => _folder.File(name, text);

    /// <summary>Runs lines of shell, in the machine's folder; the first that fails ends them.</summary>
    /// <param name="script">The lines.</param>
    /// <param name="arguments">$1, $2, … of them.</param>
    public Command Run(string script, params string[] arguments)
    {
        const string hide = """
            mount --make-rprivate /
            for dotnet in /usr/share/dotnet /usr/lib/dotnet /opt/dotnet "$(dirname "$(readlink -f "$(command -v dotnet)")")" "$HOME/.dotnet" "$HOME/.nuget"; do
                [ ! -d "$dotnet" ] || mount -t tmpfs none "$dotnet"
            done
            cd "$1"; script=$2; shift 2
            exec env -i HOME="$PWD/home" PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -euc "if dotnet --version >/dev/null 2>&1; then echo 'there is a .NET here' >&2; exit 99; fi
            $script" sh "$@"
            """;
        return Command.Run("unshare", ["--mount", "bash", "-euc", hide, "bash", _folder.Path, script, .. arguments]);
    }

    public void Dispose() => _folder.Dispose();
}
