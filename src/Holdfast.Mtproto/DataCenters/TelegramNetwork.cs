using Holdfast.Mtproto.Crypto;

namespace Holdfast.Mtproto.DataCenters;

/// <summary>Where a Telegram is: its data centres and the keys its servers prove themselves with.</summary>
/// <param name="DataCenters">At least one; the first is asked first.</param>
/// <param name="Keys">The servers' public keys.</param>
public sealed record TelegramNetwork(IReadOnlyList<DataCenter> DataCenters, IReadOnlyList<TelegramPublicKey> Keys)
{
    // Sources: the addresses that Telegram Desktop and tdlib start from (the same list is given out by help.getConfig),
    // and the key shown to every developer under "API development tools" on my.telegram.org, fingerprint d09d1d85de64fd85.
    private const string ProductionKey = """
        -----BEGIN RSA PUBLIC KEY-----
        MIIBCgKCAQEA6LszBcC1LGzyr992NzE0ieY+BSaOW622Aa9Bd4ZHLl+TuFQ4lo4g
        5nKaMBwK/BIb9xUfg0Q29/2mgIR6Zr9krM7HjuIcCzFvDtr+L0GQjae9H0pRB2OO
        62cECs5HKhT5DZ98K33vmWiLowc621dQuwKWSQKjWf50XYFw42h21P2KXUGyp2y/
        +aEyZ+uVgLLQbRA1dEjSDZ2iGRy12Mk5gpYc397aYp438fsJoHIgJ2lgMv5h7WY9
        t6N/byY9Nw9p21Og3AoXSL2q/2IJ1WRUhebgAdGVMlV1fkuOQoEzR7EdpqtQD9Cs
        5+bfo3Nhmcyvk5ftB0WkJ9z6bNZ7yxrP8wIDAQAB
        -----END RSA PUBLIC KEY-----
        """;

    /// <summary>Telegram itself. Data centre 2 is where a new login begins.</summary>
    public static TelegramNetwork Production { get; } = new(
        [
            new DataCenter(2, "149.154.167.50", 443),
            new DataCenter(1, "149.154.175.53", 443),
            new DataCenter(3, "149.154.175.100", 443),
            new DataCenter(4, "149.154.167.91", 443),
            new DataCenter(5, "91.108.56.130", 443),
        ],
        [TelegramPublicKey.FromPem(ProductionKey)]);
}
