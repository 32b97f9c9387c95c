namespace Holdfast.Mtproto.Tests;

/// <summary>The long runs: smaller numbers by default, the full ones with HOLDFAST_SOAK=1.</summary>
internal static class Soak
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("HOLDFAST_SOAK") == "1";

    public static int Count(int usual, int soak) => IsOn ? soak : usual;
}
