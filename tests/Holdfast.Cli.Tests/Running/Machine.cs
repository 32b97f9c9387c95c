using System.Diagnostics;
using System.Text.Json;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Running;

/// <summary>A scratch folder that is home, working folder and state of the command, as a person would have it.</summary>
internal sealed class Machine : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string?> _environment;

    public Machine() => _environment = new(StringComparer.Ordinal)
    {
        ["HOME"] = _folder.Path,
        ["XDG_STATE_HOME"] = null,
        ["XDG_CONFIG_HOME"] = null,
        ["HOLDFAST_PROGRAM_DIR"] = null,
        ["HOLDFAST_PROGRESS_SECONDS"] = null,
        ["COLUMNS"] = null,
        ["NO_COLOR"] = null,
        ["TZ"] = "UTC",
        ["DOTNET_ROLL_FORWARD"] = null,
    };

    /// <summary>The built command: HOLDFAST_PROGRAM (./test names the one that the launcher starts), or the one built with the tests.</summary>
    public static string Program { get; } = System.Environment.GetEnvironmentVariable("HOLDFAST_PROGRAM") is { Length: > 0 } program ? program : Path.Combine(AppContext.BaseDirectory, "holdfast.dll");

    public string Root => _folder.Path;

    public string this[string name] => _folder[name];

    public IReadOnlyDictionary<string, string?> Environment => _environment;

    public string File(string name, string text = "") => _folder.File(name, text);

    public string Folder(string name) => _folder.Folder(name);

    /// <summary>A small folder to back up.</summary>
    public Machine WithDocuments()
    {
        File("Documents/todo.txt", "buy milk\n");
        File("Documents/Projects/plan.txt", "one\n");
        return this;
    }

    /// <summary>A machine whose documents were backed up once.</summary>
    public Machine WithBackup()
    {
        WithDocuments();
        Run("backup", "Documents", "--to", "mirror:disk").Checked("holdfast");
        return this;
    }

    public Command Run(params string[] arguments) =>
        Command.Run("dotnet", [Program, .. arguments], folder: _folder.Path, environment: _environment);

    /// <summary>Runs a line of shell in which 'holdfast' is the built command.</summary>
    public Command Shell(string line, string shell = "bash")
    {
        var bin = Folder(".bin");
        WriteLauncher(System.IO.Path.Combine(bin, "holdfast"));
        var environment = new Dictionary<string, string?>(_environment, StringComparer.Ordinal) { ["PATH"] = bin + ":" + System.Environment.GetEnvironmentVariable("PATH") };
        return Command.Run(shell, ["-c", line], folder: _folder.Path, environment: environment);
    }

    /// <summary>A machine with './holdfast', as in a clone.</summary>
    public Machine WithLauncher()
    {
        WriteLauncher(this["holdfast"]);
        return this;
    }

    public Process Start(params string[] arguments) => Command.Start("dotnet", [Program, .. arguments], _folder.Path, _environment);

    public void Dispose() => _folder.Dispose();

    private static void WriteLauncher(string path)
    {
        System.IO.File.WriteAllText(path, $"#!/bin/sh\nexec dotnet '{Program}' \"$@\"\n");
        Command.Must("chmod", "+x", path);
    }

    /// <summary>The objects a command printed, one a line.</summary>
    public static IReadOnlyList<JsonElement> JsonLines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
