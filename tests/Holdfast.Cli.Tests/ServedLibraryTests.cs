using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Cli.Tests;

/// <summary>A library behind 'holdfast serve', as a person uses it.</summary>
public sealed class ServedLibraryTests : IDisposable
{
    private readonly Machine _machine = new();

    // Another disk than the one with the phone.
    private readonly TemporaryFolder _disk = new("/dev/shm");
    private readonly int _port = FreePort();
    private Process? _server;

    public void Dispose()
    {
        Kill();
        _machine.Dispose();
        _disk.Dispose();
    }

    private string Place => _disk["library"];

    [Fact]
    public void APhoneIsEmptiedOnTheWordOfAServerAndEverythingComesBack()
    {
        _machine.File("phone/DCIM/1.jpg", "one");
        _machine.File("phone/DCIM/2.jpg", "two");
        _machine.File("phone/WhatsApp/1 again.jpg", "one");
        _machine.File("phone/WhatsApp/empty", "");
        Begin();
        _machine.Run("init", "photos").Checked("init");
        _machine.Run("safe", "phone").ExitCode.ShouldBe(1);

        _machine.Run("backup", "photos").Checked("backup");

        _machine.Run("ls", "photos", "-R").Text.ShouldBe("DCIM/\nDCIM/1.jpg\nDCIM/2.jpg\nWhatsApp/\nWhatsApp/empty\n");
        _machine.Run("cat", "photos", "DCIM/2.jpg").Text.ShouldBe("two");
        _machine.Run("find", "photos", "--name", "2.JPG").ExitCode.ShouldBe(1);
        _machine.Run("find", "photos", "--name", "2.jpg").Text.ShouldContain("1 file (3 B)");
        var safe = _machine.Run("safe", "phone/DCIM", "phone/WhatsApp/1 again.jpg", "--verified");
        safe.Text.ShouldContain("yes: 3 files");
        safe.ExitCode.ShouldBe(0);

        // What people edit in place is no copy any more, though size and time are those of before.
        Command.Bash("cd \"$1\"; touch -r DCIM/2.jpg /dev/shm/stamp.$$; printf TWO >DCIM/2.jpg; touch -r /dev/shm/stamp.$$ DCIM/2.jpg; rm /dev/shm/stamp.$$", Place);
        _machine.Run("safe", "phone/DCIM/2.jpg").ExitCode.ShouldBe(1);
        _machine.Run("backup", "photos").Checked("backup");
        _machine.Run("safe", "phone/DCIM/2.jpg").Checked("safe");

        _machine.Shell("cp -a phone before && rm -r phone/DCIM phone/WhatsApp && cd " + Place + " && mkdir sorted && mv DCIM/1.jpg sorted/beach.jpg").Checked("rm");
        _machine.Run("backup", "photos").Checked("backup");
        _machine.Run("restore", "photos", "--as-uploaded", "phone", "--to", "back").Checked("restore");
        _machine.Shell("diff -r before back").Checked("diff");
        _machine.Run("restore", "photos", "--as-uploaded", "nobody", "--to", "other").ErrorText.ShouldContain("phone");
    }

    [Fact]
    public void ACardIsReadAgainBeforeItIsSaidToBeVerified()
    {
        // FAT tells of a change by size and by time of two seconds, and this file system's FUSE does not even set that.
        using var card = new LoopMount("vfat");
        var picture = Path.Combine(Directory.CreateDirectory(Path.Combine(card.Path, "DCIM")).FullName, "1.jpg");
        File.WriteAllText(picture, "picture");
        Begin();
        string[] push = ["push", $"http://127.0.0.1:{_port}", Path.Combine(card.Path, "DCIM"), "--verify", "--token-file", "token"];
        _machine.Run(push).Checked("push");
        var time = File.GetLastWriteTimeUtc(picture);
        File.WriteAllText(picture, "PICTURE");
        File.SetLastWriteTimeUtc(picture, time);

        _machine.Run(push).Checked("push");

        _machine.Run("safe", picture, "--in", "photos").Text.ShouldContain("yes: 1 file");
    }

    [Fact]
    public void KillsOfServerAndClientLoseNothingAndStoreNothingTwice()
    {
        Peer.Require("find", "sha256sum");
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < 400; i++)
            _machine.File($"phone/{i % 9}/{i}.jpg", new string((char)('a' + random.Next(26)), 1 + random.Next(300_000)));
        Begin();
        var cutOff = 0;
        for (var round = 0; round < 8; round++)
        {
            for (var i = 0; i < 60; i++)
                _machine.File($"phone/round {round}/{i}.jpg", $"{new string((char)('a' + random.Next(26)), random.Next(300_000))} {random.Next(400)}");
            using var client = _machine.Start("backup", "photos");
            var output = client.StandardOutput.ReadToEndAsync();
            var errors = client.StandardError.ReadToEndAsync();
            cutOff += client.WaitForExit(500 + random.Next(1200)) ? 0 : 1;
            if (round % 2 == 0)
            {
                client.Kill();
                client.WaitForExit();
                continue;
            }
            Kill();
            Serve();
            client.WaitForExit();
        }

        cutOff.ShouldBeGreaterThan(0);
        _machine.Run("backup", "photos").Checked("backup");

        Hashes(Place).ShouldBe(Hashes(_machine["phone"]).Distinct().Order(StringComparer.Ordinal));
        Directory.GetFiles(Path.Combine(Place, ".holdfast/incoming")).Length.ShouldBeLessThan(400);
        _machine.Run("restore", "photos", "--as-uploaded", "phone", "--to", "back").Checked("restore");
        _machine.Shell("diff -r phone back").Checked("diff");
        Kill();
        _machine.Run("library", "scan", Place).Text.ShouldContain("everything as it was");
        _machine.Run("check", "library:" + Place).Checked("check");
    }

    [Fact]
    public async Task AnUploadInPartsIsGoneOnWithAfterItsServerWasKilled()
    {
        const int size = 24_000_000, sent = 20_000_000, step = 16 << 20;
        Peer.Require("curl", "tail");
        var bytes = new byte[size];
        new Random(RandomSeed.Next()).NextBytes(bytes);
        File.WriteAllBytes(_machine["video.mp4"], bytes);
        Begin();
        var token = File.ReadAllText(_machine["token"]).Trim();
        var created = Curl($"-X POST -D - -H 'Upload-Length: {size}' -H 'Upload-Metadata: filename dmlkZW8ubXA0' http://127.0.0.1:{_port}/api/v1/uploads");
        var path = created.Split('\n').Single(l => l.StartsWith("Location:", StringComparison.OrdinalIgnoreCase))[9..].Trim();
        using (var connection = new TcpClient("127.0.0.1", _port))
        {
            // A part of which only the beginning comes.
            var head = $"PATCH {path} HTTP/1.1\r\nHost: holdfast\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: {size}\r\n\r\n";
            await connection.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
            await connection.GetStream().WriteAsync(bytes.AsMemory(0, sent), TestContext.Current.CancellationToken);
            for (var i = 0; i < 1200 && Lines().Length < 2; i++)
                await Task.Delay(50, TestContext.Current.CancellationToken);
            Kill();
        }
        Lines().Length.ShouldBe(2);
        Serve();

        var offset = int.Parse(Curl($"-I http://127.0.0.1:{_port}{path}").Split('\n').Single(l => l.StartsWith("Upload-Offset:", StringComparison.OrdinalIgnoreCase))[14..].Trim());
        offset.ShouldBeInRange(step, sent);
        var rest = Curl($"-X PATCH -w '%{{http_code}} %{{size_upload}}' -H 'Content-Type: application/offset+octet-stream' -H 'Upload-Offset: {offset}' --data-binary @rest http://127.0.0.1:{_port}{path}", $"tail -c +{offset + 1} video.mp4 >rest");

        rest.ShouldBe($"204 {size - offset}");
        File.ReadAllBytes(Path.Combine(Place, "video.mp4")).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        Directory.GetFiles(Path.Combine(Place, ".holdfast/incoming")).ShouldBeEmpty();

        string Curl(string arguments, string before = "true") =>
            _machine.Shell($"{before}; curl -s -H \"Authorization: Bearer $(cat token)\" -H 'Tus-Resumable: 1.0.0' {arguments}").Checked("curl").Text;

        // What is written down of it, as far as a reader beside the server sees.
        string[] Lines() => File.ReadAllLines(Directory.GetFiles(Path.Combine(Place, ".holdfast/incoming"), "*.upload").Single());
    }

    [Fact]
    public async Task AServerRunsJobsToItselfAndPageMetricsAndStatusSayTheSame()
    {
        _machine.File("phone/1.jpg", "one");
        _machine.File("phone/2.jpg", "two");
        Begin();
        Kill();
        var config = File.ReadAllText(_machine["holdfast.yaml"]);
        _machine.File("holdfast.yaml", config.Replace("token_file: token", "token_file: token, schedule: every 1h, verify: {every: 7d, share: 100%, drill: 5}", StringComparison.Ordinal));
        Serve("--jobs");
        for (var i = 0; i < 600 && Status().GetProperty("targets")[0].GetProperty("last_drill").ValueKind is JsonValueKind.Null; i++)
            await Task.Delay(100);
        var job = Status();
        job.GetProperty("daemon").GetBoolean().ShouldBeTrue();
        job.GetProperty("targets")[0].GetProperty("drill_files").GetInt32().ShouldBe(2);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", File.ReadAllText(_machine["token"]).Trim());
        var metrics = await client.GetStringAsync("metrics");
        metrics.ShouldContain("holdfast_library_files 2\n");
        Figures.ShouldAgree(metrics, job);
        var shown = JsonDocument.Parse(await client.GetStringAsync("api/v1/jobs")).RootElement.GetProperty("jobs").EnumerateArray().ShouldHaveSingleItem();
        foreach (var name in new[] { "job", "problem", "last_good", "schedule", "next" })
            shown.GetProperty(name).ToString().ShouldBe(job.GetProperty(name).ToString());
        foreach (var name in new[] { "target", "last_good", "last_run", "last_outcome", "last_drill", "drill_files", "drill_failures" })
            shown.GetProperty("targets")[0].GetProperty(name).ToString().ShouldBe(job.GetProperty("targets")[0].GetProperty(name).ToString());

        // Without a restart.
        _machine.File("holdfast.yaml", File.ReadAllText(_machine["holdfast.yaml"]).Replace("photos:", "pictures:", StringComparison.Ordinal));
        for (var i = 0; i < 600 && !(await client.GetStringAsync("api/v1/jobs")).Contains("pictures", StringComparison.Ordinal); i++)
            await Task.Delay(100);
        (await client.GetStringAsync("metrics")).ShouldNotContain("job=\"photos\"");
    }

    [Fact]
    public void PushNeedsNoConfigSendsOnlyWhatIsNewAndWaitsUntilItIsReadBack()
    {
        _machine.File("phone/DCIM/1.jpg", "one");
        _machine.File("phone/DCIM/2.jpg", "two");
        _machine.File("phone/DCIM/again.jpg", "one");
        Begin();
        _machine.Shell("rm holdfast.yaml").Checked("rm");
        var server = $"http://127.0.0.1:{_port}";

        var pushed = _machine.Run("push", server, "phone/DCIM", "--into", "sorted/2026", "--token-file", "token", "--verify");

        pushed.Checked("push").Text.ShouldContain("read back by the server: 3 files");
        Command.Bash("cd \"$1\"; find . -path ./.holdfast -prune -o -type f -print | sort", Place).Text.ShouldBe("./sorted/2026/1.jpg\n./sorted/2026/2.jpg\n");
        File.ReadAllLines(Path.Combine(Place, ".holdfast/verified.jsonl")).Length.ShouldBe(2);
        _machine.File("phone/DCIM/3.jpg", "three");
        _machine.File("phone/DCIM/4.jpg", "not to be read");
        _machine.Shell("mkdir -m 0777 state && chmod 0777 . && chmod -R a+rX phone token && chmod 0 phone/DCIM/4.jpg").Checked("chmod");
        var partly = Command.RunAsOrdinaryUser("dotnet", [Machine.Program, "push", server, "phone/DCIM", "--token-file", "token", "--state", "state"], folder: _machine.Root, environment: _machine.Environment);
        partly.ExitCode.ShouldBe(ExitCode.Incomplete, partly.Text + partly.ErrorText);
        partly.Text.ShouldContain("4.jpg");
        File.Exists(Path.Combine(Place, "3.jpg")).ShouldBeTrue();

        _machine.File("phone/one.jpg", "a single file");
        _machine.Run("push", server, "phone/one.jpg", "--token-file", "token").Checked("push");
        File.ReadAllText(Path.Combine(Place, "one.jpg")).ShouldBe("a single file");

        Peer.Require("script");
        _machine.File("phone/two.jpg", "with a typed token");
        _machine.Shell($"cat token | script -qec 'holdfast push {server} phone/two.jpg' /dev/null").Text.ShouldContain("token of the library's server: ");
        File.ReadAllText(Path.Combine(Place, "two.jpg")).ShouldBe("with a typed token");
    }

    [Fact]
    public void ACopyOfAServedLibraryIsMadeAndBroughtUpToDate()
    {
        _machine.File("phone/DCIM/1.jpg", "one");
        _machine.File("phone/DCIM/2.jpg", "two");
        Begin();
        _machine.Run("backup", "photos").Checked("backup");

        _machine.Run("library", "replicate", "photos", "./copy").Checked("replicate").Text.ShouldContain("2 added");
        _machine.Shell($"rm '{Place}/DCIM/1.jpg'").Checked("rm");
        _machine.Run("library", "replicate", "photos", "./copy").Checked("replicate").Text.ShouldContain("1 removed");

        Command.Bash("diff -r -x .holdfast \"$1\" \"$2\"", Place, _machine["copy"]).Text.ShouldBeEmpty();
        _machine.Run("restore", "library:copy", "--as-uploaded", "phone", "--to", "back").ExitCode.ShouldBe(ExitCode.Incomplete); // 1.jpg is gone for good.
        File.ReadAllText(_machine["back/DCIM/2.jpg"]).ShouldBe("two");
        _machine.Run("library", "replicate", "http://127.0.0.1:1", "./copy").ExitCode.ShouldBe(ExitCode.Usage);
    }

    [Theory]
    [InlineData("/srv/photos", "is no server")]
    [InlineData("ftp://host/", "is no server")]
    [InlineData("http://127.0.0.1:1", "HOLDFAST_TOKEN")]
    public void PushSaysWhatItNeeds(string server, string word)
    {
        _machine.File("phone/1.jpg", "one");

        var pushed = _machine.Run("push", server, "phone");

        pushed.ExitCode.ShouldBe(2, pushed.ErrorText);
        pushed.ErrorText.ShouldContain(word);
    }

    private static IEnumerable<string> Hashes(string folder) =>
        Command.Bash("cd \"$1\"; find . -path ./.holdfast -prune -o -type f -exec sha256sum {} + | cut -c1-64 | sort", folder).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A library, its server, a token, and a config of the phone that uses them.</summary>
    private void Begin()
    {
        _machine.File("server.yaml", $"client: server\njobs:\n  inbox: {{from: phone, to: \"library:{Place}\", mode: upload}}\n");
        _machine.Run("init", "inbox", "--config", "server.yaml").Checked("init");
        _machine.File("token", _machine.Run("token", "add", "phone", "--library", Place).Checked("token").Text);
        _machine.File("holdfast.yaml", $"client: phone\njobs:\n  photos: {{from: phone, to: \"library:http://127.0.0.1:{_port}\", mode: upload, token_file: token}}\n");
        Serve();
    }

    private JsonElement Status() => Machine.JsonLines(_machine.Run("status", "--json").Text).Single();

    private void Serve(params string[] more)
    {
        _server = _machine.Start(["serve", "--library", Place, "--listen", $"127.0.0.1:{_port}", "--wait", "30s", .. more]);
        _server.StandardOutput.ReadLine().ShouldBe($"library:{Place} is served at http://127.0.0.1:{_port}");
    }

    private void Kill()
    {
        if (_server is null)
            return;
        if (!_server.HasExited)
            _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        _server = null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
