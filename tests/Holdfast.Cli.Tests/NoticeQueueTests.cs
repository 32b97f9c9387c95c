using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary>Notices that did not arrive outlive the process that had them to tell.</summary>
public sealed class NoticeQueueTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();
    private readonly WebListener _web = new();

    public NoticeQueueTests() => Config();

    public void Dispose()
    {
        _web.Dispose();
        _machine.Dispose();
    }

    [Fact]
    public void TheNextRunTellsWhatTheLastCouldNot()
    {
        _web.Answer(503);
        var failed = _machine.Run("backup");
        failed.ExitCode.ShouldBe(10);
        failed.ErrorText.ShouldContain("the notice by webhook did not arrive: ");
        Waiting.Count.ShouldBe(1);
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast").ErrorText.ShouldNotContain("notice");
        _web.All.Count.ShouldBe(2);
        _web.All[1].Body.ShouldBe(_web.All[0].Body); // The good run itself is nothing to tell.
        Waiting.ShouldBeEmpty();
    }

    [Fact]
    public void ADaemonTellsItWhenItBegins()
    {
        _web.Answer(503);
        _machine.Run("backup").ExitCode.ShouldBe(10);
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("daemon", "--pause").Checked("holdfast");
        _machine.Run("daemon", "--once").Checked("holdfast");
        _web.All.Count.ShouldBe(2);
        Waiting.ShouldBeEmpty();
    }

    [Fact]
    public void WhatFailsAgainStaysAndIsSaidAndAHalfWrittenOneIsGone()
    {
        _web.Answer(503, 503, 503);
        _machine.Run("backup").ExitCode.ShouldBe(10);
        _machine.File(".local/state/holdfast/notices/0-webhook.json", "{");
        var second = _machine.Run("backup");
        second.ErrorText.ShouldContain("the notice 'Holdfast on laptop: documents failed' by webhook still did not arrive");
        Waiting.Count.ShouldBe(2);
        foreach (var file in Waiting)
            Command.Must("stat", "-c", "%a", file).Text.ShouldBe("600\n");
    }

    [Fact]
    public void ASignOfLifeIsNotSentLater()
    {
        _machine.File("holdfast.yaml", File.ReadAllText(_machine["holdfast.yaml"]).Replace("webhook:", "ping:", StringComparison.Ordinal));
        _web.Answer(200, 503);
        _machine.Run("backup").ErrorText.ShouldContain("the notice by ping did not arrive");
        Waiting.ShouldBeEmpty();
    }

    [Fact]
    public void AWayThatTheConfigNamesNoMoreIsForgotten()
    {
        _web.Answer(503);
        _machine.Run("backup").ExitCode.ShouldBe(10);
        _machine.File("holdfast.yaml", File.ReadAllText(_machine["holdfast.yaml"]).Replace("webhook:", "push:", StringComparison.Ordinal));
        _machine.Run("backup").ErrorText.ShouldContain("was given up: the config does not name it any more");
        Waiting.ShouldBeEmpty();
    }

    private IReadOnlyList<string> Waiting => Directory.GetFiles(_machine[".local/state/holdfast/notices"], "*.json");

    private void Config()
    {
        Directory.CreateDirectory(_machine[".local/state/holdfast/notices"]);
        _machine.File("holdfast.yaml", $$"""
            client: laptop
            jobs: {documents: {from: Documents, to: 'mirror:disk', schedule: every 1h} }
            notify: {tries: 1, webhook: {url: '{{_web.Url}}' } }
            """);
    }
}
