using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>People who work in the library's folder while the server does.</summary>
public sealed class HandsTests
{
    [Fact]
    public async Task WhatPeopleMoveIsFoundWithoutBeingAskedFor()
    {
        await using var running = await Running.StartAsync(new ServerOptions { Watch = new WatchTimes(TimeSpan.FromMilliseconds(200), TimeSpan.FromHours(1)) });
        var token = running.Token("phone");
        running.Curl(token, "--data-binary", "one", $"{running.Address}/upload?name=DCIM/1.jpg").Status.ShouldBe(201);
        Directory.CreateDirectory(Path.Combine(running.Place, "2026"));
        File.Move(Path.Combine(running.Place, "DCIM/1.jpg"), Path.Combine(running.Place, "2026/beach.jpg"));
        File.WriteAllText(Path.Combine(running.Place, "by hand.jpg"), "two");

        await UntilAsync(() => running.Curl(token, $"{running.Address}/api/v1/entries").Body is var body && body.Contains("2026/beach.jpg", StringComparison.Ordinal) && body.Contains(Hash("two"), StringComparison.Ordinal));

        running.Curl(token, "--data-binary", "two", $"{running.Address}/upload?name=again.jpg").Status.ShouldBe(200);
        running.Curl(token, "--data-binary", "one", $"{running.Address}/upload?name=again too.jpg".Replace(" ", "%20", StringComparison.Ordinal)).Body.ShouldContain("2026/beach.jpg");
    }

    [Fact]
    public async Task AFileThatWasEditedOrRemovedSinceIsNeverCalledThere()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        running.Curl(token, "--data-binary", "one", $"{running.Address}/upload?name=1.jpg").Status.ShouldBe(201);
        running.Curl(token, "--data-binary", "two", $"{running.Address}/upload?name=2.jpg").Status.ShouldBe(201);
        // In place, with size and time as before: only inode data tells, and then the hash.
        Command.Bash("cd \"$1\"; touch -r 1.jpg ../stamp; printf ONE >1.jpg; touch -r ../stamp 1.jpg; rm 2.jpg", running.Place);

        foreach (var text in new[] { "one", "two" })
        {
            running.Curl(token, "--data-binary", $"{{\"hashes\":[\"{Hash(text)}\"]}}", $"{running.Address}/api/v1/missing").Body.ShouldContain($"\"missing\":[\"{Hash(text)}\"]");
            running.Curl(token, "--data-binary", text, $"{running.Address}/upload?name=again/{text}.jpg&hash={Hash(text)}").Status.ShouldBe(201);
        }
        running.Files().Values.Order(StringComparer.Ordinal).ShouldBe(["ONE", "one", "two"]);
    }

    [Fact]
    public async Task ScansAndMovesBesideUploadsLoseNothing()
    {
        await using var running = await Running.StartAsync(new ServerOptions { Watch = new WatchTimes(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100)) });
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < 500; i++)
            running.File($"phone/{i}.jpg", $"picture {i}");
        var token = running.Token("phone");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);

        var upload = Task.Run(() => running.BackupAsync("phone", token));
        var moved = 0;
        for (var round = 0; !upload.IsCompleted && round < 100_000; round++)
        {
            using var scanned = await http.PostAsync($"{running.Address}/sync", null);
            var file = Directory.EnumerateFiles(running.Place, "*.jpg").FirstOrDefault();
            if (file is null)
                continue;
            Directory.CreateDirectory(Path.Combine(running.Place, "sorted"));
            File.Move(file, Path.Combine(running.Place, "sorted", $"{moved++} {random.Next()}.jpg"));
        }
        await upload;

        running.Files().Values.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 500).Select(i => $"picture {i}").Order(StringComparer.Ordinal));
        // What was moved before the server could look at it is known when it has rested.
        var busy = 1L;
        for (var i = 0; busy > 0 && i < 100; i++)
        {
            using var last = await http.PostAsync($"{running.Address}/sync", null);
            using var report = JsonDocument.Parse(await last.Content.ReadAsStringAsync());
            busy = report.RootElement.GetProperty("busy").GetInt64();
            if (busy > 0)
                await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        busy.ShouldBe(0);
        (await running.BackupAsync("phone", token)).Targets[0].Snapshot.ShouldBeNull();
    }

    [Fact]
    public async Task AScanOfAnEmptiedDiskStopsAndForgetsNothing()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        for (var i = 0; i < 3; i++)
            running.Curl(token, "--data-binary", $"{i}", $"{running.Address}/upload?name={i}.jpg").Status.ShouldBe(201);
        foreach (var file in Directory.GetFiles(running.Place))
            File.Move(file, file.Replace("/library/", "/elsewhere ", StringComparison.Ordinal));

        var scan = running.Curl(token, "-X", "POST", $"{running.Address}/sync");

        scan.Status.ShouldBe(409);
        scan.Body.ShouldContain("Is its disk mounted?");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 300 && !condition(); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        condition().ShouldBeTrue();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
