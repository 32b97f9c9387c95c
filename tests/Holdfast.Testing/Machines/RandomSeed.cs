using System.Globalization;
using Xunit;

namespace Holdfast.Testing.Machines;

/// <summary>
/// The seed of a random test: printed with its output, and taken from HOLDFAST_SEED when that is set. CI judges a change and not
/// the dice, so it always takes the same; every other run, and the soak, takes a new one.
/// </summary>
public static class RandomSeed
{
    private const int OfCi = 20_261_121;

    /// <summary>A seed, noted in the test's output and, should the test fail, among what it printed.</summary>
    public static int Next()
    {
        var seed = Environment.GetEnvironmentVariable("HOLDFAST_SEED") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : IsSet("CI") && !IsSet("HOLDFAST_SOAK") ? OfCi : Random.Shared.Next();
        var note = $"seed {seed.ToString(CultureInfo.InvariantCulture)} (repeat with HOLDFAST_SEED={seed.ToString(CultureInfo.InvariantCulture)})";
        TestContext.Current.TestOutputHelper?.WriteLine(note);
        return seed;
    }

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };
}
