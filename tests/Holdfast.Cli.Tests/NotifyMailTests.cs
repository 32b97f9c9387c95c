using System.Globalization;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class NotifyMailTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void AFailedRunIsMailedWithStarttlsAndLogin()
    {
        using var server = new MailServer("login");
        Config(server, "user: ann, password_file: secret, to: [bob, carol@example.org]");
        _machine.File("secret", "right\n");

        var run = Backup(server, "--max-delete", "10%"); // No place was made: it fails.
        run.ExitCode.ShouldBe(10);
        run.ErrorText.ShouldNotContain("did not arrive");

        var mail = server.Mails.ShouldHaveSingleItem();
        mail.GetProperty("tls").GetBoolean().ShouldBeTrue();
        server.Attempts.ShouldBe("am");
        mail.GetProperty("to").EnumerateArray().Select(t => t.GetString()).ShouldBe(["bob@home.example", "carol@example.org"]);
        var read = Parsed(mail.GetProperty("data").GetString()!);
        read[0].ShouldBe("Holdfast on laptop: documents failed");
        read[1].ShouldContain("there is no place"); // The words of standard error.
        read[2].ShouldContain("<h2");
        read[2].ShouldContain("there is no place");
    }

    [Fact]
    public void AGoodRunIsMailedOnlyWhenThatIsWanted()
    {
        using var server = new MailServer("plain");
        Config(server, "tls: none, to: bob");
        _machine.Run("init", "documents").Checked("holdfast");
        Backup(server).ExitCode.ShouldBe(0);
        server.Mails.ShouldBeEmpty();

        Config(server, "tls: none, to: bob, when: change, subject: 'новости: {job} {outcome}'");
        Backup(server).ExitCode.ShouldBe(0);
        server.Mails.ShouldBeEmpty();
        _machine.File("Documents/new.txt", "new\n");
        Backup(server).ExitCode.ShouldBe(0);
        var read = Parsed(server.Mails.ShouldHaveSingleItem().GetProperty("data").GetString()!);
        read[0].ShouldBe("новости: documents succeeded");
        read[1].ShouldContain("1 new");

        Config(server, "tls: none, to: bob, when: always");
        Backup(server).ExitCode.ShouldBe(0);
        server.Mails.Count.ShouldBe(2);
        server.Attempts.ShouldBe("mm"); // Without a user nobody signs in.
    }

    [Fact]
    public void AWrongPasswordIsSaidAndNotTriedAgain()
    {
        using var server = new MailServer("login");
        Config(server, "user: ann, password_file: secret, to: bob, when: always");
        _machine.File("secret", "wrong\n");
        _machine.Run("init", "documents").Checked("holdfast");

        var run = Backup(server);
        run.ExitCode.ShouldBe(0, run.ErrorText);
        run.ErrorText.ShouldContain("note: the notice by email did not arrive: ");
        run.ErrorText.ShouldNotContain("wrong");
        server.Mails.ShouldBeEmpty();
        server.Attempts.ShouldBe("a");
    }

    [Fact]
    public void ARefusedReaderIsNamedAndTheOthersGetIt()
    {
        using var server = new MailServer("plain");
        Config(server, "tls: none, to: [bob, eve@refused.example]");

        var test = Run(server, "notify", "test");
        test.ExitCode.ShouldBe(1);
        test.ErrorText.ShouldContain("refused eve@refused.example: 550 nobody of that name");
        server.Mails.ShouldHaveSingleItem().GetProperty("to").EnumerateArray().Select(t => t.GetString()).ShouldBe(["bob@home.example"]);
        server.Attempts.ShouldBe("m");
    }

    [Fact]
    public void AReaderWhoWasPutOffGetsItAtTheNextTryAndTheOthersOnce()
    {
        using var server = new MailServer("plain");
        Config(server, "tls: none, to: [bob, zoe@later.example, eve@refused.example]");

        var test = Run(server, "notify", "test");
        test.ExitCode.ShouldBe(1);
        test.ErrorText.ShouldContain("refused eve@refused.example: 550");
        test.ErrorText.ShouldNotContain("zoe");
        server.Mails.Select(m => m.GetProperty("to").EnumerateArray().Single().GetString()).ShouldBe(["bob@home.example", "zoe@later.example"]);
        server.Mails.Select(m => Header(m, "message-id")).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("login-only", "")]
    [InlineData("implicit", "tls: implicit, ")]
    public void ServersThatSignInOrSealOtherwiseAreSpokenToAsWell(string mode, string tls)
    {
        using var server = new MailServer(mode);
        Config(server, $"{tls}user: ann, password_file: secret, to: bob");
        _machine.File("secret", "right\n");
        Run(server, "notify", "test").Checked("holdfast");
        server.Mails.ShouldHaveSingleItem();
        server.Attempts.ShouldBe("am");
    }

    [Fact]
    public void AServerWithoutStarttlsHearsNeitherPasswordNorMail()
    {
        using var server = new MailServer("plain");
        Config(server, "user: ann, password_file: secret, to: bob");
        _machine.File("secret", "right\n");
        var test = Run(server, "notify", "test");
        test.ExitCode.ShouldBe(1);
        test.ErrorText.ShouldContain("it offers no STARTTLS");
        server.Attempts.ShouldBe("");
    }

    [Fact]
    public void AServerThatNeverAnswersIsGivenUp()
    {
        using var server = new MailServer("hang");
        Config(server, "to: bob, timeout: 1s");
        var test = Run(server, "notify", "test");
        test.ExitCode.ShouldBe(1);
        test.ErrorText.ShouldContain("did not answer within 1s");
    }

    [Fact]
    public void ACertificateIsTrustedWhenCaVouchesForItAndItNamesTheServer()
    {
        using var server = new MailServer("login");
        Config(server, $"user: ann, password_file: secret, to: bob, ca: '{server.Certificate}'");
        _machine.File("secret", "right\n");
        _machine.Run("notify", "test").Checked("holdfast");
        server.Mails.ShouldHaveSingleItem();

        File.WriteAllText(_machine["holdfast.yaml"], File.ReadAllText(_machine["holdfast.yaml"]).Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal));
        var other = _machine.Run("notify", "test");
        other.ExitCode.ShouldBe(1);
        other.ErrorText.ShouldContain("certificate");
        server.Attempts.ShouldBe("am");
    }

    [Fact]
    public void LinesWithDotsLongOnesAndOtherLettersArriveAsTheyWere()
    {
        using var server = new MailServer("plain");
        const string told = "exit 7 #\n.\n..two\n. três ütf 日本 = \t\n";
        _machine.File("holdfast.yaml", ConfigText(string.Create(CultureInfo.InvariantCulture, $"smtp: 'localhost:{server.Port}', tls: none, to: bob, subject: '{new string('ж', 70)} {{job}}'")).Replace(
            "to: 'mirror:disk'", "to: 'mirror:disk', before: " + System.Text.Json.JsonSerializer.Serialize(told + new string('x', 200)), StringComparison.Ordinal));
        Backup(server).ExitCode.ShouldBe(1);
        var data = server.Mails.ShouldHaveSingleItem().GetProperty("data").GetString()!;
        data.Split("\r\n").ShouldAllBe(l => l.Length <= 78 && l.All(char.IsAscii));
        var read = Parsed(data);
        read[0].ShouldBe(new string('ж', 70) + " documents");
        read[1].Replace("\r\n", "\n", StringComparison.Ordinal).ShouldStartWith($"the before hook '{told}{new string('x', 200)}' ended with 7");
    }

    [Fact]
    public void AServerThatIsBusyIsAskedAgain()
    {
        using var server = new MailServer("busy-once");
        Config(server, "to: bob");

        Run(server, "notify", "test").ExitCode.ShouldBe(0);
        server.Mails.Count.ShouldBe(1);
        server.Attempts.ShouldBe("mm");
    }

    [Fact]
    public void ACertificateNobodyVouchesForIsRefused()
    {
        using var server = new MailServer("login");
        Config(server, "user: ann, password_env: MAIL_PASSWORD, to: bob");
        var test = Command.Run("dotnet", [Machine.Program, "notify", "test"], folder: _machine.Root, environment: new Dictionary<string, string?>(_machine.Environment) { ["MAIL_PASSWORD"] = "right" });
        test.ExitCode.ShouldBe(1);
        test.ErrorText.ShouldContain("certificate");
        File.Exists(server.Certificate).ShouldBeTrue();
        server.Attempts.ShouldBe("");
    }

    [Fact]
    public void AServerThatIsDownDoesNotFailTheBackup()
    {
        _machine.File("holdfast.yaml", ConfigText($"smtp: 'localhost:{FreePort.Next()}', to: bob, when: always"));
        _machine.Run("init", "documents").Checked("holdfast");
        var run = _machine.Run("backup");
        run.ExitCode.ShouldBe(0);
        run.ErrorText.ShouldContain("note: the notice by email did not arrive: localhost:");
        run.ErrorText.ShouldContain("refused");
    }

    [Theory]
    [InlineData("user: ann", "has a 'user' and no password")]
    [InlineData("password_file: x", "no 'user'")]
    [InlineData("user: ann, password_env: X, tls: none", "without 'tls: starttls'")]
    [InlineData("from: ann", "no mail address")]
    [InlineData("tls: ssl", "none of starttls, implicit, none")]
    public void AMistakeInTheConfigIsNamed(string keys, string words)
    {
        var from = keys.StartsWith("from:", StringComparison.Ordinal) ? "" : "from: me@home.example, ";
        _machine.File("holdfast.yaml", $$"""
            jobs: {documents: {from: Documents, to: 'mirror:disk'} }
            notify: {email: {smtp: 'mail.example:587', to: bob, {{from}}{{keys}} } }
            """);
        var check = _machine.Run("config", "check");
        check.ExitCode.ShouldBe(2);
        check.ErrorText.ShouldContain("holdfast.yaml:2:");
        check.ErrorText.ShouldContain(words);
    }

    private Command Backup(MailServer server, params string[] more) => Run(server, ["backup", .. more]);

    private Command Run(MailServer server, params string[] arguments) =>
        Command.Run("dotnet", [Machine.Program, .. arguments], folder: _machine.Root, environment: new Dictionary<string, string?>(_machine.Environment) { ["SSL_CERT_FILE"] = server.Certificate });

    private void Config(MailServer server, string mail) =>
        _machine.File("holdfast.yaml", ConfigText(string.Create(CultureInfo.InvariantCulture, $"smtp: 'localhost:{server.Port}', {mail}")));

    private static string ConfigText(string mail) => $$"""
        client: laptop
        jobs: {documents: {from: Documents, to: 'mirror:disk'} }
        notify:
          retry_after: 0s
          email: {from: me@home.example, {{mail}} }
        """;

    private static string Header(System.Text.Json.JsonElement mail, string name) =>
        mail.GetProperty("data").GetString()!.Split("\r\n").Single(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));

    /// <summary>Subject, text and HTML as Python's mail reader finds them.</summary>
    private static string[] Parsed(string message)
    {
        const string script = """
            import email, email.policy, json, sys
            m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
            print(json.dumps([m["subject"], m.get_body(("plain",)).get_content(), m.get_body(("html",)).get_content()]))
            """;
        return System.Text.Json.JsonSerializer.Deserialize<string[]>(Command.Run("/usr/bin/python3", ["-c", script], System.Text.Encoding.UTF8.GetBytes(message)).Checked("python3").Text)!;
    }
}
