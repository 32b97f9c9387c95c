using System.Diagnostics;
using System.Text;

namespace Holdfast.Testing.Machines;

/// <summary>Runs a program and waits for it. Output is bytes: names need not be text.</summary>
public sealed record Command
{
    private static readonly Lazy<bool> Root = new(() => Run("id", ["-u"]).Text.Trim() == "0");

    private Command()
    {
    }

    public required int ExitCode { get; init; }

    public required byte[] Output { get; init; }

    public required byte[] Error { get; init; }

    /// <summary>The output as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>What it complained about, as UTF-8.</summary>
    public string ErrorText => Encoding.UTF8.GetString(Error);

    /// <summary>True when this process is root's.</summary>
    public static bool IsRoot => Root.Value;

    /// <summary>Runs a program to its end.</summary>
    /// <param name="timeout">After it the program and its children are killed and <see cref="TimeoutException"/> is thrown; two minutes when null.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    public static Command Run(
        string program,
        IEnumerable<string> arguments,
        ReadOnlyMemory<byte> input = default,
        string? folder = null,
        TimeSpan? timeout = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var process = Start(program, arguments, folder, environment);
        var output = ReadAll(process.StandardOutput.BaseStream);
        var error = ReadAll(process.StandardError.BaseStream);
        var fed = Feed(process, input);
        if (!process.WaitForExit(timeout ?? TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{program}' did not end within {timeout ?? TimeSpan.FromMinutes(2)}.");
        }
        fed.GetAwaiter().GetResult();
        return new Command { ExitCode = process.ExitCode, Output = output.GetAwaiter().GetResult(), Error = error.GetAwaiter().GetResult() };
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message holds what it complained about.</exception>
    public static Command Must(string program, params IEnumerable<string> arguments) => Run(program, arguments).Checked(program, arguments);

    /// <summary>Runs a shell script that must succeed; the arguments are $1, $2, ….</summary>
    public static Command Bash(string script, params IEnumerable<string> arguments) => Must("bash", ["-euc", script, "bash", .. arguments]);

    /// <summary>Runs a program as a user with no rights of its own (65534) when this process is root's, else as the user it is.</summary>
    public static Command RunAsOrdinaryUser(string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null) =>
        IsRoot
            ? Run("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "--", program, .. arguments], input, folder, environment: environment)
            : Run(program, arguments, input, folder, environment: environment);

    /// <summary>Starts a program whose input, output and complaints are piped. The caller ends and disposes it.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (folder is not null)
            start.WorkingDirectory = folder;
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
    }

    /// <summary>This result, when it is a success.</summary>
    public Command Checked(string program, params IEnumerable<string> arguments) =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' ended with {ExitCode}: {ErrorText}{Text}");

    private static async Task<byte[]> ReadAll(Stream stream)
    {
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }

    private static async Task Feed(Process process, ReadOnlyMemory<byte> input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading everything.
        }
    }
}
