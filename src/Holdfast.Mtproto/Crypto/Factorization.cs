namespace Holdfast.Mtproto.Crypto;

/// <summary>Splits the server's pq (two primes below 2³²) by Pollard's rho with Brent's batching.</summary>
internal static class Factorization
{
    private const int Batch = 128;

    /// <returns>p and q with p &lt; q.</returns>
    /// <exception cref="ArithmeticException"><paramref name="pq"/> has no two factors.</exception>
    public static (ulong P, ulong Q) Split(ulong pq)
    {
        if (pq % 2 == 0) return Ordered(2, pq / 2);
        for (ulong c = 1; c < 64; c++)
        {
            var factor = Rho(pq, c);
            if (factor > 1 && factor < pq) return Ordered(factor, pq / factor);
        }
        throw new ArithmeticException("The number to factorise is prime.");
    }

    private static ulong Rho(ulong n, ulong c)
    {
        ulong slow = 2, fast = 2, divisor = 1;
        // Twice the fourth root of a 63-bit number, and a wide margin: a bound, so a prime cannot hang the caller.
        for (var rounds = 0; divisor == 1 && rounds < 1 << 14; rounds++)
        {
            ulong startSlow = slow, startFast = fast, product = 1;
            for (var i = 0; i < Batch; i++)
            {
                Step();
                product = Multiply(product, Difference(), n);
            }
            divisor = Gcd(product, n);
            if (divisor != n) continue;
            // The whole batch collapsed: walk it again one step at a time.
            (slow, fast) = (startSlow, startFast);
            do
            {
                Step();
                divisor = Gcd(Difference(), n);
            }
            while (divisor == 1);
        }
        return divisor;

        void Step()
        {
            slow = Next(slow);
            fast = Next(Next(fast));
        }

        ulong Next(ulong x) => (ulong)((((UInt128)x * x) + c) % n);

        ulong Difference() => slow > fast ? slow - fast : fast - slow;
    }

    private static ulong Multiply(ulong a, ulong b, ulong n) => (ulong)((UInt128)a * b % n);

    private static ulong Gcd(ulong a, ulong b)
    {
        while (a != 0) (a, b) = (b % a, a);
        return b;
    }

    private static (ulong P, ulong Q) Ordered(ulong a, ulong b) => a < b ? (a, b) : (b, a);
}
