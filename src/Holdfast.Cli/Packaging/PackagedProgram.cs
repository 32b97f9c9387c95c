using System.Globalization;
using System.Runtime.InteropServices;
using Holdfast.Cli.Daemon;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Packaging;

/// <summary>The program as one file that needs no .NET: this very program when it is one, else made from its sources.</summary>
internal static class PackagedProgram
{
    /// <summary>What it is called in a package: the launcher there looks for its machine's.</summary>
    public static string Name { get; } =
        "holdfast-linux-" + RuntimeInformation.OSArchitecture.ToString().ToLower(CultureInfo.InvariantCulture);

    /// <summary>Writes it.</summary>
    /// <param name="session">Knows where the sources are.</param>
    /// <param name="file">A new file, absolute.</param>
    /// <param name="cancellationToken">Stops the build.</param>
    /// <exception cref="HoldfastException">There are no sources, or they do not build.</exception>
    public static async Task WriteAsync(Session session, string file, CancellationToken cancellationToken)
    {
        if (IsThisProgram)
        {
            PackageFolder.Copy(SelfCommand.Program[0], file);
            return;
        }
        var script = Path.Combine(session.Environment.ProgramFolder, "eng", "package", "binary");
        if (!File.Exists(script))
            throw new HoldfastException(ErrorKind.Failed, "this build cannot package itself: it needs .NET, and its sources are not here.", "Run './holdfast package' in a clone of Holdfast, with the .NET 10 SDK.");
        session.Text.WriteLine("building a program that needs no .NET (a minute or two) ...");
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOLDFAST_PACKAGE_SCRIPT"] = script, ["HOLDFAST_PACKAGE_FILE"] = file };
        var code = await ShellCommand.RunAsync("\"$HOLDFAST_PACKAGE_SCRIPT\" \"$HOLDFAST_PACKAGE_FILE\"", session.Environment.WorkingFolder, variables, default, cancellationToken);
        if (code != 0)
            throw new HoldfastException(ErrorKind.Failed, $"the program could not be built (dotnet publish ended with {code}).", "What it said stands above.");
    }

    /// <summary>True when everything is in the file that runs.</summary>
    private static bool IsThisProgram => SelfCommand.Program.Count == 1 && !File.Exists(Path.Combine(AppContext.BaseDirectory, "holdfast.dll"));
}
