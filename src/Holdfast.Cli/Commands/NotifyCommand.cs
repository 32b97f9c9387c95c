using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Jobs.Notifying;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast notify</c>: who hears of a run.</summary>
internal static class NotifyCommand
{
    public static Verb Create()
    {
        var verb = new Verb("notify", "Try whether notices arrive");
        verb.Add(Test());
        return verb;
    }

    private static Verb Test() =>
        new Verb("test", "Send a test notice in every way the config names, and say which arrived")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Interrupted],
            Examples = ["holdfast notify test"],
        }.Does(async (session, _, cancellationToken) =>
        {
            var config = session.Config;
            var notifier = new Notifier(config.Notify, Path.GetDirectoryName(config.File) ?? session.Environment.WorkingFolder, session.Time);
            if (notifier.Channels.Count == 0)
                throw new ConfigException("the config has no 'notify', so nobody hears of a run.", "docs/configuration.md shows the ways: email, webhook, push, ping, command.");
            var report = new JsonObject { ["type"] = "test" };
            var told = await notifier.SendAsync(new Notice(NoticeKind.Test, "notify", config.Client, HasChanges: false, "This is a test of Holdfast's notices. Nothing was backed up.\n", report, session.Time.GetLocalNow()), cancellationToken);
            var printer = session.Printer(text => new ToldText(text), json => new ToldJson(json));
            foreach (var one in told)
                if (one.Failure is { } failure && !session.Json)
                    ErrorPrinter.Print(session, $"{one.Channel}: {failure}", ExitCode.Failed);
                else
                    printer.Print(one);
            printer.Finish();
            return told.All(t => t.Failure is null) ? ExitCode.Done : ExitCode.Failed;
        });
}
