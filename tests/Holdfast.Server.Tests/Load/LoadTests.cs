using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Library.Http;
using Holdfast.Library.Scanning;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests.Load;

/// <summary>
/// 64 clients at once upload to a server that dies again and again, and die themselves. What is checked holds whatever the
/// order: no content is lost, none is there twice, no file is partial, and record, index and disk agree.
/// </summary>
public sealed class LoadTests
{
    private const int Clients = 64, MostAttempts = 5000;

    [Fact]
    public async Task WhateverDiesNothingIsLostOrThereTwice()
    {
        var isLong = Environment.GetEnvironmentVariable("HOLDFAST_SOAK") == "1";
        var (files, contents, deaths) = isLong ? (400, 5000, 40) : (6, 120, 3);
        var random = new Random(RandomSeed.Next());
        // Clients and server share the pool, and a client waits on its threads.
        ThreadPool.SetMinThreads(Clients * 6, Clients);
        await using var server = new MortalServer();
        var expected = Enumerable.Range(0, Clients).Select(c => Fill(server[$"client{c}"], files, contents, random)).ToList();
        var tokens = Enumerable.Range(0, Clients).Select(c => server.Token($"client{c}")).ToList();
        var seeds = tokens.Select(_ => random.Next()).ToList();

        var uploading = Task.WhenAll(Enumerable.Range(0, Clients).Select(c => Task.Run(() => UploadAsync(server, $"client{c}", tokens[c], new Random(seeds[c])))));
        var died = 0;
        while (!uploading.IsCompleted)
            died += await server.LiveAsync(died < deaths ? 20 + random.Next(isLong ? 4000 : 400) : int.MaxValue / 2, uploading) ? 1 : 0;
        await uploading;

        died.ShouldBeGreaterThan(0);
        await ShouldAgreeAsync(server, expected);
    }

    private static Dictionary<string, string> Fill(string folder, int files, int contents, Random random)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < files; i++)
        {
            var name = $"{(char)('a' + random.Next(4))}/{i}.jpg";
            // One in eight is longer than what is sent at once.
            var number = random.Next(contents);
            texts[name] = $"picture {number} {new string('x', number % 8 == 0 ? 70_000 : 0)}";
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllText(Path.Combine(folder, name), texts[name]);
        }
        return texts;
    }

    /// <summary>Runs until one is good; of the others, some are killed by ourselves.</summary>
    private static async Task UploadAsync(MortalServer server, string client, string token, Random random)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            using var killed = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            if (attempt < 3 && random.Next(3) == 0)
                killed.CancelAfter(random.Next(300));
            try
            {
                if (await TryUploadAsync(server, client, token, killed.Token))
                    return;
            }
            catch (HoldfastException)
            {
                // The server was not there from the beginning.
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                // Killed; somebody starts it again.
            }
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        throw new InvalidOperationException($"{client} did not get through in {MostAttempts} attempts");
    }

    private static async Task<bool> TryUploadAsync(MortalServer server, string client, string token, CancellationToken cancellationToken)
    {
        using var source = new FileTreeSource([server[client]], LocalFolders.OpenForReading);
        var request = new RunRequest { Client = client, Job = "photos", Sources = [server[client]], StateFolder = server["state " + client], Time = TimeProvider.System.GetUtcNow() };
        // Waits between tries pass at once: where the server was is nobody.
        var target = new HttpLibraryTarget(server.Address, () => token, new StepTime());
        var report = await new Backup(source, [target], TimeProvider.System).RunAsync(request, new BackupOptions { Workers = 2 }, new RunCounters(), cancellationToken);
        return report.IsComplete;
    }

    private static async Task ShouldAgreeAsync(MortalServer server, List<Dictionary<string, string>> expected)
    {
        await using var library = await server.OpenAsync();
        var scan = library.Scan(new ScanOptions { Rest = TimeSpan.Zero }, TestContext.Current.CancellationToken);
        (scan.New, scan.Changed, scan.Removed, scan.Duplicates).ShouldBe((0, 0, 0, 0), "the index does not agree with the disk");
        var held = Directory.EnumerateFiles(server.Place, "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(server.Place, f).StartsWith(".holdfast", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .Order(StringComparer.Ordinal);
        held.ShouldBe(expected.SelectMany(e => e.Values).Distinct().Order(StringComparer.Ordinal), "a content is lost, twice or partial");
        for (var c = 0; c < expected.Count; c++)
        {
            var names = new SortedDictionary<string, string>(StringComparer.Ordinal);
            EntryPath? last = null;
            while (await library.NamesAsync($"client{c}", "photos", last, CancellationToken.None) is { Count: > 0 } page)
            {
                foreach (var entry in page.Where(e => e.Type == EntryType.File))
                    names[entry.Path.ToString()] = entry.Content!.Value.ToString();
                last = page[^1].Path;
            }
            names.ShouldBe(expected[c].OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, HashOf(e.Value))), "the record does not have what a client brought");
        }
        Directory.GetFileSystemEntries(Path.Combine(server.Place, ".holdfast/incoming")).ShouldBeEmpty();
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
