using System.Diagnostics;
using System.Globalization;
using Holdfast.Mtproto.Bench;

if (args is ["client", var key, var port, var title, var megabytes, var latency, var rate, var connections])
{
    var proxy = new ProxyProcess(Int(port), Int(latency), Int(rate));
    await using (proxy)
    {
        var result = await Transfer.RunAsync(await File.ReadAllTextAsync(key), proxy.Port, (long)Int(megabytes) << 20, Int(connections));
        Console.WriteLine($"{title,-44} {result.Up,10:0.0} {result.Down,10:0.0} {result.Cpu.TotalSeconds,8:0.0} {result.PeakBytes >> 20,8}");
    }
    return 0;
}
if (args is ["proxy", var to, var milliseconds, var megabytesPerSecond])
{
    await DelayingProxy.RunAsync(Int(to), TimeSpan.FromMilliseconds(Int(milliseconds)), Int(megabytesPerSecond) * 1_000_000L);
    return 0;
}
if (args is ["ige"])
{
    Console.WriteLine(CipherSpeed.Measure());
    return 0;
}
Console.Error.WriteLine("usage: client KEY PORT TITLE MIB LATENCY_MS MB_PER_S CONNECTIONS | proxy PORT LATENCY_MS MB_PER_S | ige");
return 2;

static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
