namespace Holdfast.Testing.PowerLoss;

/// <summary>What the disk had written on its own before the power went, of what nobody had made durable.</summary>
public abstract class PowerLossPolicy
{
    private readonly string _text;

    private PowerLossPolicy(string text) => _text = text;

    /// <summary>Everything: the program was killed, the machine was not.</summary>
    public static PowerLossPolicy AllKept { get; } = new Fixed("all kept", _ => Fate.Kept);

    /// <summary>Nothing.</summary>
    public static PowerLossPolicy NoneKept { get; } = new Fixed("none kept", _ => Fate.Dropped);

    /// <summary>All names and metadata, and empty files: what delayed allocation does.</summary>
    public static PowerLossPolicy NamesWithoutData { get; } = new Fixed("names without data", o => o is Operation.OfData ? Fate.Dropped : Fate.Kept);

    /// <summary>All names, sizes and metadata, and zeros for bytes.</summary>
    public static PowerLossPolicy NamesWithZeros { get; } = new Fixed("names with zeros", o => o is Operation.Write ? Fate.Zeros : Fate.Kept);

    /// <summary>All data and metadata, and no name: what fsync without the folder's fsync may leave.</summary>
    public static PowerLossPolicy DataWithoutNames { get; } = new Fixed("data without names", o => o is Operation.OfNames ? Fate.Dropped : Fate.Kept);

    /// <summary>The policies that leave nothing to chance.</summary>
    public static IReadOnlyList<PowerLossPolicy> Certain { get; } = [AllKept, NoneKept, NamesWithoutData, NamesWithZeros, DataWithoutNames];

    /// <summary>Each operation kept, dropped or cut short by itself.</summary>
    public static PowerLossPolicy Random(int seed) => new Scattered(seed);

    /// <summary>Everything up to some operation, in order, and nothing after it.</summary>
    public static PowerLossPolicy Prefix(int seed) => new Ordered(seed);

    public override string ToString() => _text;

    /// <summary>Decides about operations <paramref name="first"/> to <paramref name="cut"/> - 1; asked in that order.</summary>
    internal abstract Func<int, Operation, Fate> Begin(int first, int cut);

    private sealed class Fixed(string text, Func<Operation, Fate> decide) : PowerLossPolicy(text)
    {
        internal override Func<int, Operation, Fate> Begin(int first, int cut) => (_, operation) => decide(operation);
    }

    private sealed class Ordered(int seed) : PowerLossPolicy($"prefix, seed {seed}")
    {
        internal override Func<int, Operation, Fate> Begin(int first, int cut)
        {
            var stop = new Random(unchecked(seed * 31 + cut)).Next(first, cut + 1);
            return (index, _) => index < stop ? Fate.Kept : Fate.Dropped;
        }
    }

    private sealed class Scattered(int seed) : PowerLossPolicy($"random, seed {seed}")
    {
        internal override Func<int, Operation, Fate> Begin(int first, int cut)
        {
            var random = new Random(unchecked(seed * 31 + cut));
            var share = (random.Next(3) + 1) * 0.25; // mostly lost, half, mostly kept
            return (_, operation) =>
            {
                var kept = random.NextDouble() < share;
                var damage = random.Next(4);
                var torn = random.NextDouble();
                if (operation is not Operation.Write || damage < 2)
                    return kept ? Fate.Kept : Fate.Dropped;
                return damage == 2 ? Fate.Zeros : Fate.Cut(torn);
            };
        }
    }
}
