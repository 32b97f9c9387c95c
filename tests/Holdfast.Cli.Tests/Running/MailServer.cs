using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Running;

/// <summary>
/// A mail server (aiosmtpd) on loopback with STARTTLS and login: user "ann", password "right"; it refuses everyone at
/// refused.example, and at later.example the first time. Modes: plain (no TLS), login (nobody else may send), login-only (no
/// AUTH PLAIN), implicit (TLS from the first byte), busy-once, hang (never says a word).
/// </summary>
internal sealed class MailServer : IDisposable
{
    private const string Script = """
        import asyncio, json, ssl, sys, threading
        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import SMTP, AuthResult

        folder, mode = sys.argv[1:3]
        out = open(folder + "/mails.jsonl", "a")
        attempts = open(folder + "/attempts", "a")

        later = set()

        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address.endswith("@refused.example"):
                    return "550 nobody of that name"
                if address.endswith("@later.example") and address not in later:
                    later.add(address)
                    return "451 come back later"
                envelope.rcpt_tos.append(address)
                return "250 ok"
            async def handle_MAIL(self, server, session, envelope, address, options):
                attempts.write("m"); attempts.flush()
                if mode == "busy-once" and not getattr(Handler, "seen", False):
                    Handler.seen = True
                    return "451 come back later"
                envelope.mail_from = address
                return "250 ok"
            async def handle_DATA(self, server, session, envelope):
                out.write(json.dumps({"to": envelope.rcpt_tos, "from": envelope.mail_from, "data": envelope.content.decode(),
                    "tls": session.ssl is not None, "user": (session.auth_data or b"").decode()}) + "\n")
                out.flush()
                return "250 kept"

        def authenticate(server, session, envelope, mechanism, data):
            attempts.write("a"); attempts.flush()
            good = data.login == b"ann" and data.password == b"right"
            return AuthResult(success=good, handled=False, auth_data=data.login)

        context = None
        if mode != "plain":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")

        implicit = mode == "implicit"
        if mode == "hang":
            import socket
            silent = socket.create_server(("127.0.0.1", int(sys.argv[3])))
            print("ready", flush=True)
            sys.stdin.read()
            sys.exit()

        class Own(Controller):
            def factory(self):
                starttls = None if implicit else context
                return SMTP(self.handler, hostname="localhost", tls_context=starttls, require_starttls=starttls is not None,
                    authenticator=authenticate, auth_required=mode.startswith("login"), auth_require_tls=not implicit,
                    auth_exclude_mechanism=["PLAIN"] if mode == "login-only" else None)

        server = Own(Handler(), hostname="127.0.0.1", port=int(sys.argv[3]), ready_timeout=60, ssl_context=context if implicit else None)
        server.start()
        print("ready", flush=True)
        sys.stdin.read()
        server.stop()
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    public MailServer(string mode)
    {
        Peer.Require("python3", "openssl");
        if (Command.Run("/usr/bin/python3", ["-c", "import aiosmtpd"]).ExitCode != 0)
            Peer.Missing("python3-aiosmtpd is not installed");
        Command.Must(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", _folder["key.pem"], "-out", _folder["cert.pem"]);
        Port = FreePort.Next();
        _process = Command.Start("/usr/bin/python3", ["-W", "ignore", "-c", Script, _folder.Path, mode, Port.ToString(CultureInfo.InvariantCulture)]);
        if (_process.StandardOutput.ReadLine() is not "ready")
            throw new InvalidOperationException("the mail server did not start: " + _process.StandardError.ReadToEnd());
    }

    public int Port { get; }

    /// <summary>What clients have to trust (SSL_CERT_FILE).</summary>
    public string Certificate => _folder["cert.pem"];

    /// <summary>What arrived: to, from, data, tls, user.</summary>
    public IReadOnlyList<JsonElement> Mails => Machine.JsonLines(File.ReadAllText(_folder["mails.jsonl"]));

    /// <summary>A letter for each try: a login, m a mail begun.</summary>
    public string Attempts => File.ReadAllText(_folder["attempts"]);

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _folder.Dispose();
    }
}
