using System.Diagnostics;
using System.Security.Cryptography;

namespace Holdfast.Mtproto.Tests;

/// <summary>Programs of others that these tests need. Where they are missing a test is skipped by name; in CI that is a failure.</summary>
internal static class Peers
{
    private static readonly SemaphoreSlim Installing = new(1);

    public static void Need(string program)
    {
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (paths.Any(p => File.Exists(Path.Combine(p, program)))) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{program} is missing, and CI must have it.");
        Assert.Skip($"{program} is missing");
    }

    /// <summary>The folder with mtcute installed from the lock file beside it.</summary>
    public static async Task<string> MtcuteAsync()
    {
        Need("node");
        Need("npm");
        var folder = Path.Combine(AppContext.BaseDirectory, "mtcute");
        await Installing.WaitAsync();
        try
        {
            var stamp = Path.Combine(folder, "node_modules", ".installed");
            var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"))));
            if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted) return folder;
            var (code, output) = await RunAsync("npm", folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            code.ShouldBe(0, output);
            await File.WriteAllTextAsync(stamp, wanted);
            return folder;
        }
        finally
        {
            Installing.Release();
        }
    }

    public static Task<(int Code, string Output)> RunAsync(string program, string folder, params string[] arguments) => RunAsync(program, folder, [], arguments);

    public static async Task<(int Code, string Output)> RunAsync(string program, string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await output + await errors);
    }
}
