using Holdfast.Server.Access;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>Tokens that several commands make and revoke at once.</summary>
public sealed class TokenFileTests
{
    [Fact]
    public void NoTokenIsLostAndNoneThatWasRevokedComesBack()
    {
        using var temporary = new TemporaryFolder();
        var now = TimeProvider.System.GetUtcNow();
        using (var tokens = new TokenFile(temporary["library"]))
            for (var i = 0; i < 4; i++)
                tokens.Add($"old {i}", Scope.Full, now, null);

        // Each as a command of its own has it.
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using var tokens = new TokenFile(temporary["library"]);
            tokens.Add($"new {i}", Scope.Full, now, null);
            tokens.Revoke($"old {i}");
        });

        using var all = new TokenFile(temporary["library"]);
        all.All.Select(t => t.Name).Order(StringComparer.Ordinal).ShouldBe(["new 0", "new 1", "new 2", "new 3"]);
    }
}
