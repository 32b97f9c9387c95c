using Holdfast.Core.Jobs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Daemon;

/// <summary>Whether the network is one that bytes are paid for, as NetworkManager knows or guesses.</summary>
internal static class MeteredNetwork
{
    private const string Ask = "busctl --system --timeout=5 get-property org.freedesktop.NetworkManager /org/freedesktop/NetworkManager org.freedesktop.NetworkManager Metered 2>/dev/null";

    /// <summary>True when it says so. Where there is no NetworkManager nobody knows, which is false.</summary>
    public static async Task<bool> IsThisAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Means(await ShellCommand.ReadAsync(Ask, "/", cancellationToken));
        }
        catch (HoldfastException)
        {
            return false;
        }
    }

    /// <summary>Reads what busctl prints. NMMetered: 0 unknown, 1 yes, 2 no, 3 probably, 4 probably not.</summary>
    internal static bool Means(string answer) => answer.Trim() is "u 1" or "u 3";
}
