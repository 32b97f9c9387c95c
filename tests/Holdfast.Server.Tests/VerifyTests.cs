using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Targets;
using Holdfast.Library.Http;
using Holdfast.Server.Access;

namespace Holdfast.Server.Tests;

/// <summary>What came in is read back from the disk, and only that counts as verified.</summary>
public sealed class VerifyTests
{
    [Fact]
    public async Task WhatIsReadBackIsToldAndWrittenDown()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        Upload(running, token, "a.jpg", "one");

        var answer = Verify(running, token, "one", "never sent");

        answer.ShouldContain($"\"verified\":[\"{Hash("one")}\"]");
        answer.ShouldContain($"\"missing\":[\"{Hash("never sent")}\"]");
        File.ReadAllText(Path.Combine(running.Place, ".holdfast/verified.jsonl")).ShouldContain(Hash("one"));
    }

    [Fact]
    public async Task BytesThatCameAnewAreNotVerifiedByTheDateOfTheOldOnes()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone", Scope.Full);
        Upload(running, token, "a.jpg", "one");
        Verify(running, token, "one");
        running.Curl(token, "-X", "DELETE", $"{running.Address}/api/v1/files?path=a.jpg").Status.ShouldBe(200);

        Verify(running, token, "one").ShouldContain("\"verified\":[]");
        Upload(running, token, "b.jpg", "one");

        File.ReadAllLines(Path.Combine(running.Place, ".holdfast/verified.jsonl"))[1].ShouldContain("\"new\":true");
    }

    [Fact]
    public async Task NobodyHasToAskForIt()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        Upload(running, token, "a.jpg", "one");
        var record = Path.Combine(running.Place, ".holdfast/verified.jsonl");

        for (var i = 0; i < 300 && !File.Exists(record); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);

        File.ReadAllText(record).ShouldContain(Hash("one"));
    }

    [Fact]
    public async Task ACheckReadsAgainWhatWasReadBackBefore()
    {
        await using var running = await Running.StartAsync(new ServerOptions { ReadsBack = false });
        var token = running.Token("phone");
        Upload(running, token, "a.jpg", "one");
        Upload(running, token, "b.jpg", "two");
        (await CheckAsync(running, token)).ShouldBeEmpty();
        File.ReadAllLines(Path.Combine(running.Place, ".holdfast/verified.jsonl")).Length.ShouldBe(2);

        running.Turn("a.jpg", "eno");

        (await CheckAsync(running, token)).ShouldBe(["a.jpg"]);
        File.ReadAllLines(Path.Combine(running.Place, ".holdfast/verified.jsonl")).Count(l => l.Contains("\"new\":true", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static async Task<IReadOnlyList<string>> CheckAsync(Running running, string token)
    {
        var found = new List<string>();
        var target = new HttpLibraryTarget(running.Address, () => token, TimeProvider.System);
        await target.VerifyAsync(new VerifyOptions { Purpose = "test" }, f => found.Add(f.Path), new VerifyCounters(), TestContext.Current.CancellationToken);
        return found;
    }

    private static void Upload(Running running, string token, string name, string text) =>
        running.Curl(token, "--data-binary", text, $"{running.Address}/upload?name={name}").Status.ShouldBe(201);

    private static string Verify(Running running, string token, params string[] texts) =>
        running.Curl(token, "-d", $"{{\"hashes\":[{string.Join(',', texts.Select(t => $"\"{Hash(t)}\""))}]}}", $"{running.Address}/api/v1/verify").Body;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
