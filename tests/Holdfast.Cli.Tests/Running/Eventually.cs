using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Holdfast.Cli.Tests.Running;

/// <summary>Waiting for a server that was just started.</summary>
internal static class Eventually
{
    /// <summary>Returns when something answers at a port of the loopback; throws when its process ended, or after 30 s.</summary>
    public static void Listens(int port, Process process)
    {
        for (var i = 0; i < 600; i++)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"the server ended with {process.ExitCode}: {process.StandardOutput.ReadToEnd()}{process.StandardError.ReadToEnd()}");
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(50);
            }
        }
        throw new TimeoutException($"nothing answers at port {port}");
    }
}
