using System.Security.Cryptography;
using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Login;

/// <summary>A code is on its way.</summary>
/// <param name="Phone">The number.</param>
/// <param name="Hash">Belongs to the code.</param>
/// <param name="Type">How it is delivered.</param>
public sealed record SentCode(string Phone, string Hash, AuthSentCodeType Type);

/// <summary>What to show as a QR code: the owner scans it with Telegram on the phone.</summary>
/// <param name="Url">A <c>tg://login</c> address.</param>
/// <param name="Expires">Then another one is needed.</param>
public sealed record QrLogin(string Url, DateTimeOffset Expires);

/// <summary>The account has a password (two-step verification); give it to <see cref="LoginFlow.CheckPasswordAsync"/>.</summary>
public sealed class PasswordNeededException : Exception
{
    internal PasswordNeededException(string? hint) : base("This account has a password.") => Hint = hint;

    /// <summary>The owner's hint.</summary>
    public string? Hint { get; }
}

/// <summary>Logging in: with a phone number and a code, with a bot's token, or by a QR code.</summary>
public sealed class LoginFlow
{
    private const int MaxProofs = 3;
    private readonly TelegramClient _client;
    private readonly TelegramOptions _options;

    internal LoginFlow(TelegramClient client, TelegramOptions options)
    {
        _client = client;
        _options = options;
    }

    /// <summary>Asks Telegram to send a code.</summary>
    /// <param name="phone">In international form.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SentCode> SendCodeAsync(string phone, CancellationToken cancellationToken = default)
    {
        var request = new AuthSendCode { PhoneNumber = phone, ApiId = _options.Identity.ApiId, ApiHash = _options.ApiHash, Settings = new CodeSettings() };
        return await _client.CallAsync(request, cancellationToken) switch
        {
            AuthSentCode sent => new SentCode(phone, sent.PhoneCodeHash, sent.Type),
            var other => throw new NotSupportedException($"Telegram wants something for the code that this client does not do ({other.GetType().Name})."),
        };
    }

    /// <summary>Logs in with a code.</summary>
    /// <param name="sent">What <see cref="SendCodeAsync"/> gave.</param>
    /// <param name="code">The digits.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PasswordNeededException">The code is right, and a password is needed too.</exception>
    /// <exception cref="RpcException"><c>PHONE_CODE_INVALID</c>: the code is wrong.</exception>
    public async Task<User> SignInAsync(SentCode sent, string code, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await _client.CallAsync(new AuthSignIn { PhoneNumber = sent.Phone, PhoneCodeHash = sent.Hash, PhoneCode = code }, cancellationToken);
            return await EnterAsync(answer, cancellationToken);
        }
        catch (RpcException e) when (e.Error == "SESSION_PASSWORD_NEEDED")
        {
            throw await PasswordNeededAsync(cancellationToken);
        }
    }

    /// <summary>Finishes a login that needs a password. The password itself never leaves this computer.</summary>
    /// <param name="password">The account's password.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RpcException"><c>PASSWORD_HASH_INVALID</c>: the password is wrong.</exception>
    public async Task<User> CheckPasswordAsync(string password, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var challenge = await _client.CallAsync(new AccountGetPassword(), cancellationToken);
            try
            {
                var answer = await _client.CallAsync(new AuthCheckPassword { Password = Prove(password, challenge) }, cancellationToken);
                return await EnterAsync(answer, cancellationToken);
            }
            catch (RpcException e) when (e.Error == "SRP_ID_INVALID" && attempt < MaxProofs)
            {
                // The server's half was replaced in between, by another login for example.
            }
        }
    }

    /// <summary>Logs in as a bot.</summary>
    /// <param name="token">From BotFather. A secret.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<User> AsBotAsync(string token, CancellationToken cancellationToken = default)
    {
        var request = new AuthImportBotAuthorization { ApiId = _options.Identity.ApiId, ApiHash = _options.ApiHash, BotAuthToken = token };
        return await EnterAsync(await _client.CallAsync(request, cancellationToken), cancellationToken);
    }

    /// <summary>Begins or goes on with a login by QR code: shows <see cref="QrLogin.Url"/>, then asks again every few seconds.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What to show while nobody has scanned it; the user once somebody did.</returns>
    /// <exception cref="PasswordNeededException">Scanned, and a password is needed too.</exception>
    public async Task<(QrLogin? Show, User? User)> ByQrAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var request = new AuthExportLoginToken { ApiId = _options.Identity.ApiId, ApiHash = _options.ApiHash, ExceptIds = [] };
            return await UnderstandAsync(await _client.CallAsync(request, cancellationToken), cancellationToken);
        }
        catch (RpcException e) when (e.Error == "SESSION_PASSWORD_NEEDED")
        {
            throw await PasswordNeededAsync(cancellationToken);
        }
    }

    /// <summary>Ends the session, here and at Telegram.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task LogOutAsync(CancellationToken cancellationToken = default)
    {
        await _client.CallAsync(new AuthLogOut(), cancellationToken);
        await _client.LeaveAsync(cancellationToken);
    }

    private async Task<(QrLogin? Show, User? User)> UnderstandAsync(AuthLoginTokenBase token, CancellationToken ct)
    {
        switch (token)
        {
            case AuthLoginTokenSuccess success:
                return (null, await EnterAsync(success.Authorization, ct));
            case AuthLoginTokenMigrateTo elsewhere:
                await _client.MoveAsync(elsewhere.DcId, ct);
                return await UnderstandAsync(await _client.CallAsync(new AuthImportLoginToken { Token = elsewhere.Token }, ct), ct);
            case AuthLoginToken waiting:
                var text = Convert.ToBase64String(waiting.Token.Span).TrimEnd('=').Replace('+', '-').Replace('/', '_');
                return (new QrLogin("tg://login?token=" + text, DateTimeOffset.FromUnixTimeSeconds(waiting.Expires)), null);
            default:
                throw new TlException("An unknown kind of login token.");
        }
    }

    private async Task<PasswordNeededException> PasswordNeededAsync(CancellationToken ct) =>
        new((await _client.CallAsync(new AccountGetPassword(), ct)).Hint);

    private async Task<User> EnterAsync(AuthAuthorizationBase answer, CancellationToken ct)
    {
        if (answer is not AuthAuthorization { User: User user }) throw new NotSupportedException("This number has no account yet; make one with an official app first.");
        await _client.EnterAsync(user, ct);
        return user;
    }

    private static InputCheckPasswordSRP Prove(string password, AccountPassword challenge)
    {
        if (challenge.CurrentAlgo is not PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow algorithm || challenge.SrpB is not { } b || challenge.SrpId is not { } id)
            throw new NotSupportedException("Telegram asks for the password in a way that this version does not know.");
        var parameters = new Srp.Challenge(algorithm.Salt1.ToArray(), algorithm.Salt2.ToArray(), algorithm.G, algorithm.P.ToArray(), b.ToArray());
        var proof = Srp.Prove(password, parameters, RandomNumberGenerator.GetBytes);
        return new InputCheckPasswordSRP { SrpId = id, A = proof.A, M1 = proof.M1 };
    }
}
