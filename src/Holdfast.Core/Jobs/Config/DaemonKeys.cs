using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.DaemonOptions>;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of <c>daemon</c>.</summary>
internal static class DaemonKeys
{
    private static readonly ScalarForm<int> Niceness = new(
        "a whole number from 0 to 19",
        (text, _) => int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) && number <= 19 ? number : throw new FormatException($"'{text}' is not a whole number from 0 to 19"),
        v => v,
        () => new System.Text.Json.Nodes.JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = 19 });

    private static readonly ScalarForm<string> Listen = new(
        "ADDRESS:PORT",
        (text, _) => System.Net.IPEndPoint.TryParse(text, out var end) && end.Port > 0 && System.Net.IPAddress.IsLoopback(end.Address)
            ? text
            : throw new FormatException($"'{text}' is no address and port of this machine alone; write it like 127.0.0.1:9464"),
        v => v,
        Forms.TextSchema);

    public static ConfigSection<DaemonOptions> Section { get; } = new("daemon", new DaemonOptions(),
    [
        Key("jitter", Forms.Duration, d => (TimeSpan?)d.Jitter, (d, v) => d with { Jitter = v },
            "The most a run is put off at random, so that many machines do not come at once.", "10m", "0s"),
        Key("nice", Niceness, d => d.Nice, (d, v) => d with { Nice = v },
            "How far runs stand back for other programs, as in nice(1).", "10", "not at all"),
        Key("io", Forms.Choice("normal", "idle"), d => d.Io, (d, v) => d with { Io = v },
            "`idle`: runs use disks only while nobody else does, as in ionice(1).", "idle", "normal"),
        Key("max_time", Forms.Duration, d => d.MaxTime, (d, v) => d with { MaxTime = v },
            "A run that takes longer is ended; the next one continues it.", "12h", "no limit"),
        Key("on_battery", Forms.Choice("run", "wait"), d => d.OnBattery, (d, v) => d with { OnBattery = v },
            "`wait`: nothing begins while the machine runs on its battery.", "wait", "run"),
        Key("on_metered", Forms.Choice("run", "wait"), d => d.OnMetered, (d, v) => d with { OnMetered = v },
            "`wait`: jobs to places elsewhere do not begin while NetworkManager says that the network is metered.", "wait", "run"),
        Key("listen", Listen, d => d.Listen, (d, v) => d with { Listen = v },
            "Where the daemon answers `GET /metrics` in the text form of Prometheus; addresses of this machine only.", "127.0.0.1:9464", "nowhere"),
        Key("metrics", Forms.Path, d => d.Metrics, (d, v) => d with { Metrics = v },
            "The file metrics are written to after every run, in the text form of Prometheus.", "/var/lib/node-exporter/holdfast.prom", "none"),
    ]);
}
