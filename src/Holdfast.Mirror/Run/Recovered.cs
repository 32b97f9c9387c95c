namespace Holdfast.Mirror.Run;

/// <summary>What tidying up before a run found.</summary>
/// <param name="Leftovers">What may be taken over instead of being copied again.</param>
/// <param name="WasInterrupted">True when the run before was cut off, so that mirror/ may be between two states.</param>
internal sealed record Recovered(Leftovers Leftovers, bool WasInterrupted)
{
    public static Recovered Nothing { get; } = new(Leftovers.None, WasInterrupted: false);
}
