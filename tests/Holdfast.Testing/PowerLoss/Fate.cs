namespace Holdfast.Testing.PowerLoss;

/// <summary>What becomes of an operation that was not durable when the power went.</summary>
/// <param name="IsKept">False: it never reached the disk.</param>
/// <param name="IsZeros">A write whose size reached the disk and whose bytes did not.</param>
/// <param name="Torn">How much of a write's bytes reached the disk, from 0 to 1; 1 is all.</param>
public readonly record struct Fate(bool IsKept, bool IsZeros, double Torn)
{
    public static Fate Kept => new(true, false, 1);

    public static Fate Dropped => new(false, false, 0);

    public static Fate Zeros => new(true, true, 1);

    public static Fate Cut(double share) => new(true, false, share);
}
