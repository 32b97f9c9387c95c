using System.Globalization;

namespace Holdfast.Mtproto.Calls;

/// <summary>Telegram's refusal of a call.</summary>
public class RpcException : Exception
{
    internal RpcException(int code, string error, string method, string? explanation = null)
        : base($"Telegram refused {method}: {error} ({code.ToString(CultureInfo.InvariantCulture)}).{(explanation is null ? "" : " " + explanation)}")
    {
        Code = code;
        Error = error;
        Method = method;
        (Kind, Number) = Split(error);
    }

    /// <summary>Like an HTTP status: 303, 400, 401, 403, 404, 406, 420, 500 or a negative one for internal trouble.</summary>
    public int Code { get; }

    /// <summary>As the server wrote it, for example <c>FLOOD_WAIT_30</c>.</summary>
    public string Error { get; }

    /// <summary>Without its number: <c>FLOOD_WAIT_X</c>.</summary>
    public string Kind { get; }

    /// <summary>The number in it, or 0.</summary>
    public int Number { get; }

    /// <summary>The refused method.</summary>
    public string Method { get; }

    internal static RpcException Create(int code, string error, string method)
    {
        var (kind, number) = Split(error);
        return kind switch
        {
            "FLOOD_WAIT_X" or "FLOOD_PREMIUM_WAIT_X" or "SLOWMODE_WAIT_X" or "TAKEOUT_INIT_DELAY_X" or "FLOOD_TEST_PHONE_WAIT_X" => new WaitException(code, error, method, TimeSpan.FromSeconds(number)),
            "PHONE_MIGRATE_X" or "USER_MIGRATE_X" or "NETWORK_MIGRATE_X" or "FILE_MIGRATE_X" or "STATS_MIGRATE_X" => new MigrateException(code, error, method, number),
            "AUTH_KEY_DUPLICATED" => new SessionLostException(code, error, method, "The same session was used from two places at once, so Telegram closed it. Log in again, and give every computer its own login."),
            "SESSION_REVOKED" => new SessionLostException(code, error, method, "This session was ended from another device. Log in again."),
            "SESSION_EXPIRED" => new SessionLostException(code, error, method, "This session expired. Log in again."),
            "AUTH_KEY_UNREGISTERED" or "AUTH_KEY_INVALID" => new SessionLostException(code, error, method, "This session is not logged in. Log in first."),
            "USER_DEACTIVATED" or "USER_DEACTIVATED_BAN" => new SessionLostException(code, error, method, "Telegram has closed this account."),
            "FILE_REFERENCE_EXPIRED" or "FILE_REFERENCE_X_EXPIRED" or "FILE_REFERENCE_INVALID" or "FILE_REFERENCE_EMPTY" => new FileReferenceExpiredException(code, error, method),
            _ => new RpcException(code, error, method),
        };
    }

    private static (string Kind, int Number) Split(string error)
    {
        var parts = error.Split('_');
        var number = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) continue;
            number = value;
            parts[i] = "X";
        }
        return (string.Join('_', parts), number);
    }
}

/// <summary>Telegram asks to wait, for longer than the caller allowed.</summary>
public sealed class WaitException : RpcException
{
    internal WaitException(int code, string error, string method, TimeSpan wait)
        : base(code, error, method, $"Try again in {wait}.") => Wait = wait;

    /// <summary>How long to wait from now.</summary>
    public TimeSpan Wait { get; }
}

/// <summary>The answer lies in another data centre.</summary>
public sealed class MigrateException : RpcException
{
    internal MigrateException(int code, string error, string method, int dataCenter) : base(code, error, method) => DataCenter = dataCenter;

    /// <summary>Its number.</summary>
    public int DataCenter { get; }
}

/// <summary>The login is gone; only logging in again helps.</summary>
public sealed class SessionLostException : RpcException
{
    internal SessionLostException(int code, string error, string method, string explanation) : base(code, error, method, explanation)
    {
    }
}

/// <summary>A file's reference is no longer valid: read its message again for a new one.</summary>
public sealed class FileReferenceExpiredException : RpcException
{
    internal FileReferenceExpiredException(int code, string error, string method) : base(code, error, method)
    {
    }
}
