using System.Collections.Concurrent;
using Holdfast.Core.FileSystem;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.PowerLoss;

namespace Holdfast.Mirror.Tests.PowerLoss;

/// <summary>Records what is done to a place, then lets the power go wherever it can and looks at what is left.</summary>
/// <param name="disk">The disk the place <c>place</c> lies on.</param>
/// <param name="withBarriers">False for the control: a proof that does not fail without barriers proves nothing.</param>
internal sealed class PowerLossProof(string disk, bool withBarriers = true)
{
    private readonly Recording _recording = new(disk);

    /// <summary>Opens the place to be recorded.</summary>
    public IFolder Open(string path) => withBarriers ? _recording.Open(path) : new BarrierlessFolder(_recording.Open(path));

    /// <summary>What was recorded is done: from here on it is promised.</summary>
    public void IsDone() => _recording.Log.Mark("done");

    /// <summary>The cases that the check finds fault with.</summary>
    /// <param name="randomPerCut">How many of the states a cut can leave are tried besides the plain ones.</param>
    /// <param name="least">The fewest cases that are a proof.</param>
    /// <param name="check">Looks at a place that lost power; is told whether the work was promised to be done there.</param>
    public async Task<IReadOnlyCollection<string>> ViolationsAsync(int randomPerCut, int least, Func<Scene, bool, Task> check)
    {
        var violations = new ConcurrentQueue<string>();
        var count = 0;
        await Parallel.ForEachAsync(new PowerLossReplayer(_recording.Log).Cases(RandomSeed.Next(), randomPerCut), async (lost, _) =>
        {
            Interlocked.Increment(ref count);
            using var folder = new TemporaryFolder(Files.Memory);
            lost.Image.WriteTo(folder.Folder("disk"));
            using var scene = new Scene(Files.Memory, folder["disk/place"]);
            try
            {
                await check(scene, lost.Promises.Contains("done"));
            }
            catch (Exception e)
            {
                violations.Enqueue($"{lost}: {e.Message}");
            }
        });
        count.ShouldBeGreaterThanOrEqualTo(least);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} cases");
        return violations;
    }
}
