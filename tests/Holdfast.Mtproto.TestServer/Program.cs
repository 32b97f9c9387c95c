using Holdfast.Mtproto.TestServer;

// Without --data nothing is kept, for benches.
const string Usage = "usage: --port N --key FILE.pem [--data DIR] [--seed-chats N] [--verbose]";

string? Option(string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}

if (!int.TryParse(Option("--port"), out var port) || Option("--key") is not { } keyFile)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var options = new ServerOptions
{
    Port = port,
    Directory = Option("--data"),
    SeedChats = int.TryParse(Option("--seed-chats"), out var chats) ? chats : 0,
    Log = args.Contains("--verbose") ? Console.Error.WriteLine : static _ => { },
};
await using var server = new TelegramServer(options);
await File.WriteAllTextAsync(keyFile, server.Key.PublicPem);
Console.WriteLine($"data centre 2 on 127.0.0.1:{server.DataCenters[0].Port}, data centre 1 on 127.0.0.1:{server.DataCenters[1].Port}");
Console.WriteLine("phone 15550001, code 12345, password s3cret; bot token 2002:AAA");

var stopped = new TaskCompletionSource();
using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, Stop);
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, Stop);
await stopped.Task;
return 0;

void Stop(System.Runtime.InteropServices.PosixSignalContext context)
{
    context.Cancel = true;
    stopped.TrySetResult();
}
