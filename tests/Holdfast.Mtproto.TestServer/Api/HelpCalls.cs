using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>What the server says of itself.</summary>
internal static class HelpCalls
{
    public static void Register(ApiCalls calls)
    {
        calls.On<HelpGetConfig>((c, _) => Config(c));
        calls.On<HelpGetNearestDc>((c, _) => new NearestDc { Country = "DE", ThisDc = c.Session.Key.DataCenter, NearestDcValue = 2 });
        calls.On<HelpGetAppConfig>((_, _) => new HelpAppConfigNotModified());
    }

    private static Config Config(CallContext c) => new()
    {
        Date = c.World.Now,
        Expires = c.World.Now + 3600,
        ThisDc = c.Session.Key.DataCenter,
        DcOptions = [.. c.Server.DataCenters.Select(d => new DcOption { Id = d.Id, IpAddress = d.Host, Port = d.Port, Static = true })],
        DcTxtDomainName = "",
        ChatSizeMax = 200,
        MegagroupSizeMax = 200_000,
        ForwardedCountMax = 100,
        EditTimeLimit = 172_800,
        RevokeTimeLimit = 172_800,
        RevokePmTimeLimit = 172_800,
        MeUrlPrefix = "https://t.me/",
        CaptionLengthMax = 1024,
        MessageLengthMax = 4096,
        WebfileDcId = 2,
    };
}
