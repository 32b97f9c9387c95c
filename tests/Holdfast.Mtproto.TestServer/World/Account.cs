using System.Security.Cryptography;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.World;

/// <summary>A person or a bot: their own numbering of messages in private chats and groups.</summary>
internal sealed class Account(long id, string firstName, string phone, int dataCenter = 2)
{
    public long Id => id;

    public string FirstName => firstName;

    public string Phone => phone;

    /// <summary>Where the account lives; others answer PHONE_MIGRATE.</summary>
    public int DataCenter => dataCenter;

    public string? Username { get; init; }

    public string? BotToken { get; init; }

    public bool IsBot => BotToken is not null;

    public bool IsPremium { get; set; }

    public PasswordVerifier? Password { get; init; }

    public MessageBox Box { get; } = new();

    /// <summary>Chats this account is in, beside private ones.</summary>
    public HashSet<long> Chats { get; } = [];

    public User ToUser(bool isSelf) => new()
    {
        Id = id,
        Self = isSelf,
        AccessHash = AccessHashes.Of(id),
        FirstName = firstName,
        Username = Username,
        Phone = isSelf && phone.Length > 0 ? phone : null,
        Bot = IsBot,
        BotInfoVersion = IsBot ? 1 : null,
        Premium = IsPremium,
    };
}

/// <summary>Access hashes follow from ids, so a wrong one is noticed.</summary>
internal static class AccessHashes
{
    public static long Of(long id) => (id * 6364136223846793005L) + 1442695040888963407L;
}

/// <summary>What a server keeps of a password: enough to check a proof, not to make one.</summary>
internal sealed class PasswordVerifier
{
    public const int G = 3;

    public PasswordVerifier(string password)
    {
        Salt1 = RandomNumberGenerator.GetBytes(40);
        Salt2 = RandomNumberGenerator.GetBytes(16);
        var x = BigNumber.From(Srp.PasswordHash(password, Salt1, Salt2));
        Verifier = ModularPower.Compute(G, x, Prime);
    }

    public static System.Numerics.BigInteger Prime { get; } = BigNumber.From(DiffieHellman.KnownPrime);

    public byte[] Salt1 { get; }

    public byte[] Salt2 { get; }

    public System.Numerics.BigInteger Verifier { get; }
}
