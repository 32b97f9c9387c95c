using System.Text.Json;
using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests;

public sealed class NotifyTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();
    private readonly WebListener _web = new();

    public void Dispose()
    {
        _web.Dispose();
        _machine.Dispose();
    }

    [Fact]
    public void AWebhookGetsTheReport()
    {
        Config($"webhook: {{url: '{_web.Url}/hook', token_file: token, when: always}}");
        _machine.File("token", "t0ken\n");
        Initialised();
        _machine.Run("backup").ExitCode.ShouldBe(0);

        var request = _web.All.ShouldHaveSingleItem();
        request.Path.ShouldBe("/hook");
        request.Headers["Authorization"].ShouldBe("Bearer t0ken");
        var notice = JsonDocument.Parse(request.Body).RootElement;
        notice.GetProperty("outcome").GetString().ShouldBe("success");
        notice.GetProperty("report").GetProperty("targets")[0].GetProperty("new").GetInt32().ShouldBeGreaterThan(0);
        notice.GetProperty("text").GetString()!.ShouldContain("job       documents");
    }

    [Fact]
    public void ServicesThatWaitForSignsOfLifeGetStartAndEnd()
    {
        Config("ping: {url_file: address}");
        _machine.File("address", _web.Url + "/uuid/\n");
        _machine.Run("backup").ExitCode.ShouldBe(10);
        Initialised();
        _machine.Run("backup").ExitCode.ShouldBe(0);
        _web.All.Select(r => r.Path).ShouldBe(["/uuid/start", "/uuid/fail", "/uuid/start", "/uuid"]);
        _web.All[1].Body.ShouldContain("there is no place");
    }

    [Fact]
    public void APhoneGetsTitleAndText()
    {
        Config($"push: {{url: '{_web.Url}/topic'}}");
        _machine.Run("backup").ExitCode.ShouldBe(10);
        var request = _web.All.ShouldHaveSingleItem();
        request.Headers["Title"].ShouldBe("Holdfast on laptop: documents failed");
        request.Headers["Priority"].ShouldBe("high");
        request.Body.ShouldContain("there is no place");
    }

    [Fact]
    public void WhatMayPassIsTriedAgainAndWhatIsFinalIsNot()
    {
        Config($"webhook: {{url: '{_web.Url}/hook?sesame'}}");
        _web.Answer(503, 429, 200);
        _machine.Run("notify", "test").Text.ShouldBe("webhook: sent\n");
        _web.All.Count.ShouldBe(3);

        _web.Answer(404);
        var test = _machine.Run("notify", "test");
        test.ExitCode.ShouldBe(1);
        test.ErrorText.ShouldContain("webhook: localhost answered 404");
        test.ErrorText.ShouldNotContain("sesame");
        _web.All.Count.ShouldBe(4);

        _web.Answer(500, 500, 500);
        _machine.Run("notify", "test").ExitCode.ShouldBe(1);
        _web.All.Count.ShouldBe(7);
    }

    [Fact]
    public void ACommandGetsTheReportAndOneThatFailsIsARemark()
    {
        Config("command: {run: 'cat > got.json; echo \"$HOLDFAST_JOB $HOLDFAST_OUTCOME\" > said; exit 3', when: always}");
        Initialised();
        var run = _machine.Run("backup");
        run.ExitCode.ShouldBe(0);
        run.ErrorText.ShouldContain("note: the notice by command did not arrive: ");
        run.ErrorText.ShouldContain("ended with 3");
        File.ReadAllText(_machine["said"]).ShouldBe("documents success\n");
        JsonDocument.Parse(File.ReadAllText(_machine["got.json"])).RootElement.GetProperty("type").GetString().ShouldBe("notice");
    }

    [Fact]
    public void ARunThatABeforeHookStoppedIsToldWithItsReason()
    {
        _machine.File("holdfast.yaml", $$"""
            client: laptop
            jobs: {documents: {from: Documents, to: 'mirror:disk', before: exit 7} }
            notify: {webhook: {url: '{{_web.Url}}' } }
            """);
        _machine.Run("backup").ExitCode.ShouldBe(1);
        _web.All.ShouldHaveSingleItem().Body.ShouldContain("ended with 7");
    }

    [Fact]
    public void NobodyHearsOfADryRunOrOfARunThatIsInNoConfig()
    {
        Config($"webhook: {{url: '{_web.Url}', when: always}}");
        Initialised();
        _machine.Run("backup", "--dry-run").ExitCode.ShouldBe(0);
        _machine.Run("backup", "Documents", "--to", "mirror:other").ExitCode.ShouldBe(0);
        _web.All.ShouldBeEmpty();
    }

    [Fact]
    public void HooksGetTheReport()
    {
        _machine.File("holdfast.yaml", """
            jobs: {documents: {from: Documents, to: 'mirror:disk', after: 'cat > after.json', on_failure: 'cat > failure.json'}}
            """);
        _machine.Run("backup").ExitCode.ShouldBe(10);
        JsonDocument.Parse(File.ReadAllText(_machine["failure.json"])).RootElement.GetProperty("message").GetString()!.ShouldContain("there is no place");
        Initialised();
        _machine.Run("backup").ExitCode.ShouldBe(0);
        JsonDocument.Parse(File.ReadAllText(_machine["after.json"])).RootElement.GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void WithoutAnyWayTheTestSaysSo()
    {
        _machine.File("holdfast.yaml", "jobs: {documents: {from: Documents, to: 'mirror:disk'}}\n");
        var test = _machine.Run("notify", "test");
        test.ExitCode.ShouldBe(2);
        test.ErrorText.ShouldContain("nobody hears of a run");
    }

    [Theory]
    [InlineData("webhook: {when: always}", "has no 'url'")]
    [InlineData("webhook: {url: 'https://me:pass@example.org/'}", "'https://me:***@example.org/' holds a secret")]
    [InlineData("push: {url: 'ftp://example.org/'}", "is no address")]
    [InlineData("ping: {url: 'https://a.example', url_file: x}", "leave one of them")]
    public void AMistakeInTheConfigIsNamed(string keys, string words)
    {
        Config(keys);
        var check = _machine.Run("config", "check");
        check.ExitCode.ShouldBe(2);
        check.ErrorText.ShouldContain(words);
    }

    private void Initialised() => _machine.Run("init", "documents").Checked("holdfast");

    private void Config(string way) => _machine.File("holdfast.yaml", $"""
        client: laptop
        jobs:
          documents:
            from: Documents
            to: mirror:disk
        notify:
          retry_after: 0s
          {way}
        """);
}
