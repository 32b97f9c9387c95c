using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Core.Jobs.Notifying.Mail;

/// <summary>A connection to a mail server: commands and answers, plain at first or sealed. Every answer has to come within a time.</summary>
internal sealed class SmtpConnection : IDisposable
{
    private readonly TcpClient _socket;
    private readonly SmtpServer _server;
    private readonly byte[] _buffer = new byte[4096];
    private Stream _stream;
    private int _start, _end;

    private SmtpConnection(TcpClient socket, SmtpServer server)
    {
        (_socket, _server) = (socket, server);
        _stream = socket.GetStream();
    }

    /// <summary>How this machine calls itself: its address on this connection (RFC 5321, 4.1.3), for few have a name that others know.</summary>
    public string OwnName
    {
        get
        {
            var address = ((System.Net.IPEndPoint)_socket.Client.LocalEndPoint!).Address;
            address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            return address.AddressFamily is AddressFamily.InterNetworkV6 ? $"[IPv6:{address.ToString().Split('%')[0]}]" : $"[{address}]";
        }
    }

    public static async Task<SmtpConnection> OpenAsync(SmtpServer server, CancellationToken cancellationToken)
    {
        var socket = new TcpClient();
        try
        {
            await server.WithinAsync(token => socket.ConnectAsync(server.Host, server.Port, token).AsTask(), cancellationToken).ConfigureAwait(false);
            return new SmtpConnection(socket, server);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Seals it. Nothing that came before counts afterwards: somebody on the way could have put it there (CVE-2011-0411).</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The certificate is not to be trusted.</exception>
    public async Task SealAsync(CancellationToken cancellationToken)
    {
        if (_start != _end)
            throw new IOException("it said more than was asked before the connection was sealed");
        var sealedStream = new SslStream(_stream);
        _stream = sealedStream;
        await _server.WithinAsync(token => sealedStream.AuthenticateAsClientAsync(_server.Trust(), token), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a line and reads the answer.</summary>
    public async Task<SmtpReply> SayAsync(string line, CancellationToken cancellationToken)
    {
        if (line.AsSpan().ContainsAny('\r', '\n'))
            throw new ArgumentException("a command is one line", nameof(line));
        return await SendAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends bytes as they are and reads the answer.</summary>
    public async Task<SmtpReply> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _server.WithinAsync(async token =>
        {
            await _stream.WriteAsync(bytes, token).ConfigureAwait(false);
            await _stream.FlushAsync(token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads an answer.</summary>
    public async Task<SmtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        SmtpReply? reply = null;
        await _server.WithinAsync(async token => reply = await SmtpReply.ReadAsync(most => LineAsync(most, token)).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return reply!;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task<string> LineAsync(int most, CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        while (line.Count <= most)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await _stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false));
                if (_end == 0)
                    throw new IOException("it closed the connection");
            }
            var next = _buffer[_start++];
            if (next == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(next);
        }
        throw new IOException("its answer has no end");
    }
}
