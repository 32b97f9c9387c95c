using Holdfast.Core.Jobs.Config;

namespace Holdfast.Core.Tests.Jobs;

public class ConfigPrinterTests
{
    [Fact]
    public void WhatIsPrintedLoadsToTheSameConfig()
    {
        var printed = ConfigPrinter.ToYaml(Sample.Load(Sample.Design));

        ConfigPrinter.ToYaml(Sample.Load(printed)).ShouldBe(printed);
        printed.ShouldContain("    exclude: [\"*.tmp\", Thumbs.db, Cache/, \"*.log\", \"regex:\\\\.bak$\"]\n");
        printed.ShouldContain("      within: 14d\n");
        printed.ShouldNotContain("defaults");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("007")]
    [InlineData("1e3")]
    [InlineData("@news")]
    [InlineData("a: b # c")]
    [InlineData("- x")]
    [InlineData("${X}")]
    [InlineData("it's \"so\"\n\t\\")]
    [InlineData("日本😀\u0085\u2028")]
    public void AnyTextSurvivesPrintingAndLoading(string text)
    {
        var job = Sample.Job($"place: {System.Text.Json.JsonSerializer.Serialize(text.Replace("${", "$${"))}");
        var config = Sample.Load("jobs: {a: {from: x, to: 'mirror:y'}}") with { Jobs = [job] };

        job.Place.ShouldBe(text);
        Sample.Load(ConfigPrinter.ToYaml(config)).Find("a").Place.ShouldBe(text);
    }

    [Fact]
    public void APasswordInAHooksAddressIsMasked()
    {
        var config = Sample.Load("jobs: {a: {from: x, to: 'mirror:y', after: 'curl https://me:hunter2@host/done'}}");

        ConfigPrinter.ToYaml(config).ShouldContain("curl https://me:***@host/done");
        ConfigPrinter.ToJson(config).ToJsonString().ShouldNotContain("hunter2");
    }

    [Fact]
    public void TheTemplateLoadsAndHoldsTheGuesses()
    {
        var config = Sample.Load(ConfigTemplate.Text("my laptop", "home", "~/Documents: all", "mirror:/media/usb ${x}/backup"));

        config.Client.ShouldBe("my laptop");
        config.Find("home").From.ShouldBe(["/home/me/Documents: all"]);
        config.Find("home").To[0].ToString().ShouldBe("mirror:/media/usb ${x}/backup");
        config.Find("home").Rules.ExcludeCaches.ShouldBeTrue();
    }

    [Fact]
    public void EveryKeyTheTemplateOnlyMentionsLoadsWhenUncommented()
    {
        var lines = ConfigTemplate.Text("c", "j", "x", "mirror:y").Split('\n').Select(line =>
            System.Text.RegularExpressions.Regex.Replace(line, "^( *)# (?=[a-z_]+: )", "$1"));

        var job = Sample.Load(string.Join('\n', lines)).Find("j");
        job.Keep!.Monthly.ShouldBe(12);
        job.Schedule.ShouldBe("0 20 * * *");
    }
}
