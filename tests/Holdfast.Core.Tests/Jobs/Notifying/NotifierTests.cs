using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Notifying;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs.Notifying;

public sealed class NotifierTests
{
    [Fact]
    public async Task ThatWhichNeverEndsIsGivenUpAndMayBeTriedLater()
    {
        var notifier = new Notifier(new NotifyOptions { Tries = 1, Command = new NotifyCommandOptions { Run = "sleep 1000", When = "always" } }, "/", new StepTime());
        var notice = new Notice(NoticeKind.Failure, "a", "c", HasChanges: false, "", [], DateTimeOffset.UnixEpoch);
        var told = (await notifier.SendAsync(notice, CancellationToken.None)).ShouldHaveSingleItem();
        told.Failure.ShouldBe("it was not done after 10m");
        told.Rest.ShouldBe(notice);
    }
}
