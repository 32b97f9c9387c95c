using System.CommandLine;
using Holdfast.Cli.Runs;
using Holdfast.Cli.Tests.Running;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Tests;

/// <summary>The keys of <c>store</c> as flags.</summary>
public sealed class StoreFlagsTests
{
    [Fact]
    public void EveryCommandThatReachesVolumesHasAFlagForEveryKey()
    {
        var flags = TypedStore.Keys.Select(k => "--store-" + k.Name.Replace('_', '-')).ToList();
        var commands = CommandTree.All().Where(c => c.Command.Options.Any(o => o.Name == "--gpg-passphrase-file")).ToList();
        commands.Count.ShouldBeGreaterThan(8);
        foreach (var (words, command) in commands)
            flags.Except(command.Options.Select(o => o.Name)).ShouldBeEmpty(words);
    }

    [Fact]
    public void AFlagStandsOverTheConfigAndLeavesItsOtherKeys()
    {
        var parse = CommandLine.Build().Parse(["ls", "documents", "--store-region", "eu-central-1", "--store-tries", "2"]);
        var store = Session.Of(parse).OnTop(new LayoutOptions { Store = new StoreOptions { Region = "us-east-1", Profile = "backup" } }).Store;
        store.ShouldBe(new StoreOptions { Region = "eu-central-1", Profile = "backup", Tries = 2 });
    }

    [Fact]
    public void WithoutAFlagTheConfigHolds()
    {
        var session = Session.Of(CommandLine.Build().Parse(["ls", "documents"]));
        session.OnTop(new LayoutOptions()).Store.ShouldBeNull();
        var store = new StoreOptions { Profile = "backup" };
        session.OnTop(new LayoutOptions { Store = store }).Store.ShouldBe(store);
    }

    [Fact]
    public void AValueThatMeansNothingIsRefusedByTheFlagsName()
    {
        var session = Session.Of(CommandLine.Build().Parse(["ls", "documents", "--store-connections", "many"]));
        var refused = Should.Throw<HoldfastException>(() => session.OnTop(new LayoutOptions()));
        refused.Kind.ShouldBe(ErrorKind.Usage);
        refused.Message.ShouldBe("--store-connections: 'many' is not a whole number from 1.");
    }
}
