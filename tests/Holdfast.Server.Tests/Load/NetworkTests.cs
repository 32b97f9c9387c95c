using Holdfast.Library.Syncing;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests.Load;

/// <summary>Only what the server lacks crosses the network.</summary>
public sealed class NetworkTests
{
    private const int Size = 200_000, Files = 20;

    [Fact]
    public async Task AnUploadSendsEachMissingContentOnceAndNothingElse()
    {
        await using var running = await Running.StartAsync();
        await using var proxy = new CountingProxy(running.Address);
        var token = running.Token("phone");
        FillTwice(running, "phone");

        await running.BackupAsync("phone", token, proxy.Address);
        proxy.Take().Up.ShouldBeInRange(Files * Size, (Files * Size) + (Files * 8_000));

        await running.BackupAsync("phone", token, proxy.Address);
        proxy.Take().Up.ShouldBeLessThan(Files * 1_000);

        // Another client with the same contents under other names, and a library that was sorted by hand meanwhile.
        Command.Bash("cd \"$1\" && mkdir sorted && mv a/* sorted/", running.Place);
        Command.Bash("mkdir -p \"$2\" && cp -r \"$1/b\" \"$2/photos\"", running["phone"], running["laptop"]);
        await running.BackupAsync("laptop", running.Token("laptop"), proxy.Address);
        proxy.Take().Up.ShouldBeLessThan(Files * 2_000);
    }

    [Fact]
    public async Task ASyncSendsAndFetchesWhatTheOtherSideLacksAndARenameIsForNothing()
    {
        await using var running = await Running.StartAsync();
        await using var proxy = new CountingProxy(running.Address);
        var tokens = new[] { "phone", "laptop" }.ToDictionary(c => c, c => running.Token(c, Access.Scope.Full));
        FillTwice(running, "phone");

        await running.SyncAsync("phone", tokens["phone"], proxy.Address);
        proxy.Take().Up.ShouldBeInRange(Files * Size, (Files * Size) + (Files * 8_000));
        await running.SyncAsync("laptop", tokens["laptop"], proxy.Address);
        proxy.Take().Down.ShouldBeInRange(Files * Size, (2 * Files * Size) + (Files * 8_000));

        Command.Bash("cd \"$1\" && mv a sorted", running["phone"]);
        await running.SyncAsync("phone", tokens["phone"], proxy.Address);
        await running.SyncAsync("laptop", tokens["laptop"], proxy.Address);

        var (up, down) = proxy.Take();
        up.ShouldBeLessThan(Files * 3_000);
        down.ShouldBeLessThan(Files * 6_000);
        Command.Bash("diff -r -x .holdfast \"$1\" \"$2\"", running["phone"], running["laptop"]).Text.ShouldBeEmpty();
        Command.Bash("diff -r -x .holdfast \"$1\" \"$2\"", running["phone"], running.Place).Text.ShouldBeEmpty();
    }

    /// <summary>Files in a/, and the same contents once more in b/.</summary>
    private static void FillTwice(Running running, string client)
    {
        var random = new Random(RandomSeed.Next());
        var bytes = new byte[Size];
        foreach (var folder in new[] { "a", "b" })
            Directory.CreateDirectory(Path.Combine(running[client], folder));
        for (var i = 0; i < Files; i++)
        {
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(running[client], $"a/{i}.jpg"), bytes);
            File.WriteAllBytes(Path.Combine(running[client], $"b/copy {i}.jpg"), bytes);
        }
    }
}
