using Holdfast.Core.Jobs.Notifying;

namespace Holdfast.Core.Tests.Jobs.Notifying;

public sealed class MailServerTests
{
    [Theory]
    [InlineData("mail.example", null, "mail.example", 587, "StartTls")]
    [InlineData("mail.example", "starttls", "mail.example", 587, "StartTls")]
    [InlineData("mail.example", "implicit", "mail.example", 465, "Implicit")]
    [InlineData("mail.example", "none", "mail.example", 25, "None")]
    [InlineData("mail.example:465", null, "mail.example", 465, "Implicit")]
    [InlineData("mail.example:465", "starttls", "mail.example", 465, "StartTls")]
    [InlineData("mail.example:25", null, "mail.example", 25, "StartTls")]
    [InlineData("mail.example:2525", "implicit", "mail.example", 2525, "Implicit")]
    [InlineData("[::1]", "none", "::1", 25, "None")]
    [InlineData("[::1]:26", "none", "::1", 26, "None")]
    public void TheWayAConnectionIsSealedAndThePortFollowFromEachOther(string smtp, string? tls, string host, int port, string sealing)
    {
        var options = Sample.Load($$"""
            jobs: {a: {from: /src, to: 'mirror:/dst'} }
            notify: {email: {smtp: '{{smtp}}', {{(tls is null ? "" : $"tls: {tls}, ")}}from: me@home.example, to: you} }
            """).Notify!.Email!;
        var server = EmailChannel.ServerOf(options);
        (server.Host, server.Port, server.Tls.ToString()).ShouldBe((host, port, sealing));
    }
}
