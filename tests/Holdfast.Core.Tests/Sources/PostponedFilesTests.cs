using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Sources;

public sealed class PostponedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileIsPostponedInThreeRunsInARowAndThenTaken()
    {
        Run("a", "b").ShouldBe([true, true]);
        Run("a").ShouldBe([true]);
        Run("a", "b").ShouldBe([true, true]);
        Run("a", "b").ShouldBe([false, true]);
        Run("a", "b").ShouldBe([true, true], "a was taken, so it may wait again");
        Run("a", "b").ShouldBe([true, false]);
    }

    [Fact]
    public void ARunThatFailedDoesNotCount()
    {
        for (var run = 0; run < 10; run++)
        {
            using var postponed = new PostponedFiles(_folder["postponed"]);
            postponed.MayPostpone(EntryPath.From("a")).ShouldBeTrue();
        }
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void AListThatWasCutOffCountsAnew()
    {
        for (var run = 0; run < 3; run++)
            Run("a", "a/long/path", "b");
        var bytes = File.ReadAllBytes(_folder["postponed"]);
        File.WriteAllBytes(_folder["postponed"], bytes[..^2]);
        Run("a", "a/long/path", "b").ShouldBe([false, false, true]);
    }

    [Fact]
    public void AFullDiskIsSaidAndTheCountStaysAsItWas()
    {
        Run("a");
        File.CreateSymbolicLink(_folder["postponed.tmp"], "/dev/full");
        using (var postponed = new PostponedFiles(_folder["postponed"]))
        {
            postponed.MayPostpone(EntryPath.From("a")).ShouldBeTrue();
            postponed.TryKeep().ShouldNotBeNull().ShouldContain("postponed");
        }
        Directory.GetFiles(_folder.Path).ShouldBe([_folder["postponed"]]);
        Run("a");
        Run("a");
        Run("a").ShouldBe([false]);
    }

    private List<bool> Run(params string[] paths)
    {
        using var postponed = new PostponedFiles(_folder["postponed"]);
        var answers = paths.Select(p => postponed.MayPostpone(EntryPath.From(p))).ToList();
        postponed.TryKeep().ShouldBeNull();
        return answers;
    }
}
