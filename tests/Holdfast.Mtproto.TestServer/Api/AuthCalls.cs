using System.Security.Cryptography;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>Logging in and out.</summary>
internal static class AuthCalls
{
    public static void Register(ApiCalls calls)
    {
        calls.On<AuthSendCode>(SendCode);
        calls.On<AuthResendCode>((c, m) => SentCode(c, m.PhoneNumber));
        calls.On<AuthSignIn>(SignIn);
        calls.On<AccountGetPassword>(GetPassword);
        calls.On<AuthCheckPassword>(CheckPassword);
        calls.On<AuthImportBotAuthorization>(ImportBot);
        calls.On<AuthLogOut>((c, _) => LogOut(c));
        calls.On<AuthExportAuthorization>(Export);
        calls.On<AuthImportAuthorization>(Import);
        calls.On<AuthExportLoginToken>((c, _) => ExportToken(c));
        calls.On<AuthAcceptLoginToken>(AcceptToken);
        calls.On<AccountInitTakeoutSession>((c, _) => new AccountTakeout { Id = 7_000_000 + c.Person().Id });
        calls.On<AccountFinishTakeoutSession>((c, _) => c.TakeoutId is null ? throw new RpcFault(403, "TAKEOUT_REQUIRED") : true);
        calls.On<AccountUpdateStatus>((_, _) => true);
    }

    private static AuthSentCode SendCode(CallContext c, AuthSendCode m)
    {
        var phone = m.PhoneNumber.TrimStart('+');
        var account = c.World.Accounts.Values.FirstOrDefault(a => a.Phone == phone && !a.IsBot) ?? throw new RpcFault(406, "PHONE_NUMBER_INVALID");
        if (account.DataCenter != c.Session.Key.DataCenter) throw new RpcFault(303, $"PHONE_MIGRATE_{account.DataCenter}");
        return SentCode(c, phone);
    }

    private static AuthSentCode SentCode(CallContext c, string phone)
    {
        c.Session.Key.Login.PhoneCodeHash = $"{phone.TrimStart('+')}:{RandomNumberGenerator.GetHexString(8)}";
        return new AuthSentCode { Type = new AuthSentCodeTypeApp { Length = 5 }, PhoneCodeHash = c.Session.Key.Login.PhoneCodeHash };
    }

    private static AuthAuthorization SignIn(CallContext c, AuthSignIn m)
    {
        var login = c.Session.Key.Login;
        if (login.PhoneCodeHash is null || m.PhoneCodeHash != login.PhoneCodeHash) throw new RpcFault(400, "PHONE_CODE_EXPIRED");
        if (m.PhoneCode != TelegramWorld.DefaultCode) throw new RpcFault(400, "PHONE_CODE_INVALID");
        var account = c.World.Accounts.Values.First(a => a.Phone == m.PhoneNumber.TrimStart('+'));
        if (account.Password is null) return Enter(c, account);
        login.AwaitsPassword = account;
        throw new RpcFault(401, "SESSION_PASSWORD_NEEDED");
    }

    private static AuthAuthorization Enter(CallContext c, Account account)
    {
        c.Session.Key.Account = account;
        c.Server.Remember(c.Session.Key);
        return new AuthAuthorization { User = account.ToUser(isSelf: true) };
    }

    private static AccountPassword GetPassword(CallContext c, AccountGetPassword m)
    {
        var login = c.Session.Key.Login;
        var unknown = new PasswordKdfAlgoUnknown();
        var secure = new SecurePasswordKdfAlgoUnknown();
        if ((login.AwaitsPassword ?? c.Session.Key.Account)?.Password is not { } password)
            return new AccountPassword { NewAlgo = unknown, NewSecureAlgo = secure, SecureRandom = RandomNumberGenerator.GetBytes(32) };
        login.SrpId = Random.Shared.NextInt64();
        login.SrpSecret = BigNumber.From(RandomNumberGenerator.GetBytes(256));
        return new AccountPassword
        {
            HasPassword = true,
            Hint = "the usual",
            CurrentAlgo = new PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow
            {
                Salt1 = password.Salt1,
                Salt2 = password.Salt2,
                G = PasswordVerifier.G,
                P = BigNumber.Padded(PasswordVerifier.Prime, 256),
            },
            SrpB = BigNumber.Padded(SrpServer.Public(password, login.SrpSecret), 256),
            SrpId = login.SrpId,
            NewAlgo = unknown,
            NewSecureAlgo = secure,
            SecureRandom = RandomNumberGenerator.GetBytes(32),
        };
    }

    private static AuthAuthorization CheckPassword(CallContext c, AuthCheckPassword m)
    {
        var login = c.Session.Key.Login;
        if (login.AwaitsPassword is not { Password: { } password } account) throw new RpcFault(401, "AUTH_KEY_UNREGISTERED");
        if (m.Password is not InputCheckPasswordSRP proof) throw new RpcFault(400, "PASSWORD_HASH_INVALID");
        if (proof.SrpId != login.SrpId) throw new RpcFault(400, "SRP_ID_INVALID");
        if (!SrpServer.Verify(password, login.SrpSecret, proof.A.ToArray(), proof.M1.ToArray())) throw new RpcFault(400, "PASSWORD_HASH_INVALID");
        return Enter(c, account);
    }

    private static AuthAuthorization ImportBot(CallContext c, AuthImportBotAuthorization m) =>
        Enter(c, c.World.Accounts.Values.FirstOrDefault(a => a.BotToken == m.BotAuthToken) ?? throw new RpcFault(400, "ACCESS_TOKEN_INVALID"));

    private static AuthLoggedOut LogOut(CallContext c)
    {
        c.Session.Key.Account = null;
        c.Server.Remember(c.Session.Key);
        return new AuthLoggedOut();
    }

    private static AuthExportedAuthorization Export(CallContext c, AuthExportAuthorization m)
    {
        if (m.DcId == c.Session.Key.DataCenter) throw new RpcFault(400, "DC_ID_INVALID");
        return new AuthExportedAuthorization { Id = c.Me.Id, Bytes = c.Server.ExportToken(c.Me.Id) };
    }

    private static AuthAuthorization Import(CallContext c, AuthImportAuthorization m)
    {
        if (!c.Server.RedeemToken(m.Id, m.Bytes.Span)) throw new RpcFault(400, "AUTH_BYTES_INVALID");
        return Enter(c, c.World.AccountOf(m.Id));
    }

    private static AuthLoginTokenBase ExportToken(CallContext c)
    {
        if (c.Session.Key.Account is { } account) return new AuthLoginTokenSuccess { Authorization = new AuthAuthorization { User = account.ToUser(isSelf: true) } };
        c.Session.Key.Login.QrToken ??= RandomNumberGenerator.GetBytes(16);
        return new AuthLoginToken { Expires = c.World.Now + 30, Token = c.Session.Key.Login.QrToken };
    }

    private static Authorization AcceptToken(CallContext c, AuthAcceptLoginToken m)
    {
        var token = m.Token;
        var waiting = c.Server.Keys().FirstOrDefault(k => k.Login.QrToken is { } t && token.Span.SequenceEqual(t)) ?? throw new RpcFault(400, "AUTH_TOKEN_INVALIDX");
        waiting.Account = c.Person();
        waiting.Login.QrToken = null;
        c.Server.Remember(waiting);
        c.Server.Push(waiting, new UpdateShort { Update = new UpdateLoginToken(), Date = c.World.Now });
        return new Authorization
        {
            Hash = 1, DeviceModel = "test", Platform = "test", SystemVersion = "1", ApiId = 1, AppName = "test", AppVersion = "1",
            DateCreated = c.World.Now, DateActive = c.World.Now, Ip = "127.0.0.1", Country = "", Region = "",
        };
    }
}

/// <summary>The server's half of SRP.</summary>
internal static class SrpServer
{
    public static System.Numerics.BigInteger Public(PasswordVerifier password, System.Numerics.BigInteger secret)
    {
        var p = PasswordVerifier.Prime;
        var k = Srp.Multiplier(p, BigNumber.Padded(PasswordVerifier.G, 256));
        return ((k * password.Verifier) + ModularPower.Compute(PasswordVerifier.G, secret, p)) % p;
    }

    public static bool Verify(PasswordVerifier password, System.Numerics.BigInteger secret, byte[] clientPublic, byte[] evidence)
    {
        var p = PasswordVerifier.Prime;
        var a = BigNumber.From(clientPublic);
        var b = Public(password, secret);
        var u = Srp.Number(BigNumber.Padded(a, 256), BigNumber.Padded(b, 256));
        var shared = ModularPower.Compute(a * ModularPower.Compute(password.Verifier, u, p) % p, secret, p);
        var challenge = new Srp.Challenge(password.Salt1, password.Salt2, PasswordVerifier.G, BigNumber.Padded(p, 256), BigNumber.Padded(b, 256));
        return Srp.Evidence(challenge, BigNumber.Padded(PasswordVerifier.G, 256), a, b, shared).AsSpan().SequenceEqual(evidence);
    }
}
