using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Packaging;

/// <summary>What './holdfast package' makes of this clone, once for all tests.</summary>
public sealed class Package : IDisposable
{
    private readonly TemporaryFolder _folder = new("/var/tmp");

    public Package()
    {
        var launcher = Path.Combine(Repository.Root, "holdfast");
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["HOME"] = _folder.Folder("home"), ["NUGET_PACKAGES"] = packages, ["HOLDFAST_READY_TO_RUN"] = "false" };
        Directory.CreateDirectory(_folder["home/Documents"]);
        Made = Command.Run(launcher, ["package", _folder["stick"]], environment: environment, timeout: TimeSpan.FromMinutes(20)).Checked(launcher);
    }

    /// <summary>The run that made it.</summary>
    public Command Made { get; }

    /// <summary>The folder that was made.</summary>
    public string Folder => _folder["stick"];

    public void Dispose() => _folder.Dispose();
}
