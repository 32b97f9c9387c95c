using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Model;
using Holdfast.Server.Access;

namespace Holdfast.Server.Tests;

/// <summary>Reading back takes the time that nobody else needs.</summary>
public sealed class LibraryReadBackTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    [Fact]
    public async Task WhatIsNotReadYetWaitsForWhoeverComes()
    {
        await using var running = await Running.StartAsync(new ServerOptions { ReadsBack = false });
        var token = running.Token("phone", Scope.Append);
        var contents = Names.Select(name => Upload(running, token, name)).ToList();
        int Read() => contents.Count(c => running.Library.VerifiedAt(c) is not null);
        var (isOver, asked, readWhileBusy) = (false, 0, 0);
        bool IsBusy()
        {
            if (isOver || Read() == 0)
                return false;
            readWhileBusy = Read();
            asked++;
            return true;
        }

        await using var readBack = new LibraryReadBack(running.Library, IsBusy, problem => Assert.Fail(problem), TimeProvider.System);
        // Once within the page, and once before the next one.
        await UntilAsync(() => asked >= 2);
        readWhileBusy.ShouldBe(1);

        isOver = true;
        await UntilAsync(() => Read() == Names.Length);
    }

    [Fact]
    public async Task TheNetworkIsReadInLargeSteps()
    {
        await using var running = await Running.StartAsync();

        running.Server.LargestBuffer.ShouldBe(64 * 1024);
    }

    private static ContentId Upload(Running running, string token, string name)
    {
        running.Curl(token, "--data-binary", name, $"{running.Address}/upload?name={name}").Status.ShouldBe(201);
        return new ContentId(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        for (var i = 0; i < 1000 && !isTrue(); i++)
            await Task.Delay(30, TestContext.Current.CancellationToken);
        isTrue().ShouldBeTrue();
    }
}
