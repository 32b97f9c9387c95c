using Xunit;

namespace Holdfast.Testing.Machines;

/// <summary>Programs and rights a test cannot do without. Where one is missing the test is skipped by name; with CI=true it fails.</summary>
public static class Peer
{
    /// <summary>The test needs these programs.</summary>
    public static void Require(params IEnumerable<string> programs)
    {
        foreach (var program in programs)
            if (!IsThere(program))
                Missing($"'{program}' is not installed");
    }

    /// <summary>The test needs to be root.</summary>
    public static void RequireRoot()
    {
        if (!Command.IsRoot)
            Missing("this test must run as root");
    }

    /// <summary>True when the program is in PATH, or where a system keeps its administrator's tools.</summary>
    public static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Skips the test for the reason, or fails it with CI=true.</summary>
    public static void Missing(string reason)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            Assert.Fail($"{reason}, and CI=true allows no skips.");
        Assert.Skip(reason);
    }
}
