using System.Diagnostics;

namespace Holdfast.Mtproto.LiveCheck;

/// <summary>Runs steps and prints a line for each. After a failure the rest is still tried: cleaning up matters most.</summary>
internal sealed class Checklist
{
    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public async Task RunAsync(string name, Func<Task<string>> step)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var detail = await step();
            Passed++;
            Console.WriteLine($"ok      {name,-36} {watch.Elapsed.TotalSeconds,6:0.0} s  {detail}");
        }
        catch (Exception e)
        {
            Failed++;
            Console.WriteLine($"FAILED  {name,-36} {watch.Elapsed.TotalSeconds,6:0.0} s  {e.GetType().Name}: {e.Message}");
        }
    }
}
