using Holdfast.Core.Engine.Restoring;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests.Restoring;

public sealed class RestoringEverythingTests : IDisposable
{
    private readonly RestoreBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ATortureTreeComesBackExactly(int workers)
    {
        TortureTree.Build(_bed.Source);
        await _bed.BackupAsync();

        var report = await _bed.RestoreAsync(new RestoreOptions { Workers = workers });

        report.Counters.Failures.ShouldBeEmpty();
        report.Remarks.ShouldBeEmpty();
        Rsync.Differences(_bed.Source, _bed.Out).ShouldBeEmpty();
        TreeState.Differences(TreeState.Read(_bed.Source), TreeState.Read(_bed.Out)).ShouldBeEmpty();
        RestoreBed.Leftovers(_bed.Out).ShouldBeEmpty();
    }

    [Fact]
    public async Task ASecondRestoreFindsEverythingThereAndWritesNothing()
    {
        TortureTree.Build(_bed.Source);
        await _bed.BackupAsync();
        await _bed.RestoreAsync();
        const string identities = "find \"$1\" -printf '%p %i %C@\\n' | sort";
        var before = Command.Bash(identities, _bed.Out).Output;

        await _bed.RestoreAsync();

        (_bed.Counters.Created, _bed.Counters.Replaced, _bed.Counters.MetadataSet, _bed.Counters.FilesDone).ShouldBe((0, 0, 0, 0));
        _bed.Counters.Unchanged.ShouldBeGreaterThan(50);
        Command.Bash(identities, _bed.Out).Output.ShouldBe(before);
    }

    [Theory]
    [InlineData(Overwrite.Changed)]
    [InlineData(Overwrite.Always)]
    public async Task EveryOlderStateComesBackOverANewerOne(Overwrite overwrite)
    {
        var random = new Random(RandomSeed.Next());
        TortureTree.Build(_bed.Source);
        await _bed.BackupAsync();
        Command.Must("cp", "-a", _bed.Source, _bed["then"]);
        TortureTree.Mutate(_bed.Source, random);
        await _bed.BackupAsync();
        Command.Must("cp", "-a", _bed.Source, _bed.Out);

        var report = await _bed.RestoreAsync(new RestoreOptions { Overwrite = overwrite, Delete = true, AllowDeletions = true, Checksum = true }, at: 0);

        report.Counters.Failures.ShouldBeEmpty();
        Rsync.Differences(_bed["then"], _bed.Out).ShouldBeEmpty();
        RestoreBed.Leftovers(_bed.Out).ShouldBeEmpty();
    }
}
