namespace Holdfast.Mtproto.Tl;

/// <summary>The version of Telegram's API that <c>Schema/api.tl</c> describes.</summary>
public static class TlLayer
{
    /// <summary>Said to the server in every session, so that it sends nothing newer.</summary>
    public const int Api = 227;
}
