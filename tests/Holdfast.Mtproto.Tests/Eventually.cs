using System.Diagnostics;

namespace Holdfast.Mtproto.Tests;

/// <summary>Waits for something that another thread brings about.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, double seconds = 20)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            watch.Elapsed.TotalSeconds.ShouldBeLessThan(seconds, "what was waited for did not happen");
            await Task.Delay(5);
        }
    }
}
