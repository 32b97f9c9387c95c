using System.Net;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>Where a server is to listen, as it is typed: <c>127.0.0.1:8420</c>, <c>[::1]:8420</c>, <c>localhost:8420</c>.</summary>
internal static class ListenAddress
{
    private const string Local = "localhost:";

    /// <exception cref="HoldfastException">It is none.</exception>
    public static IPEndPoint Parse(string typed)
    {
        var text = typed.StartsWith(Local, StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1:{typed[Local.Length..]}" : typed;
        // Without a port .NET takes any that is free, and of '8420' it makes an address.
        var colon = text.LastIndexOf(':');
        return colon > 0 && text[colon - 1] != ':' && text[(colon + 1)..] is { Length: > 0 } port && port.All(char.IsAsciiDigit) && IPEndPoint.TryParse(text, out var address)
            ? address
            : throw new HoldfastException(ErrorKind.Usage, $"--listen: '{typed}' is no address and port.", "Write it like 127.0.0.1:8420, 0.0.0.0:8420 (every address of this machine) or localhost:8420.");
    }
}
