using System.Text;
using System.Text.RegularExpressions;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Http;

namespace Holdfast.Server.Tests;

/// <summary>A client that asks before it sends has read its files before: they may be others by then.</summary>
public sealed class HashedAheadTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(9_000_000)] // In parts: the server refuses it with the last one.
    public async Task AFileThatIsEditedWithoutATraceBeforeItIsSentIsRefusedAndReadAgain(int size)
    {
        await using var running = await Running.StartAsync();
        var (before, after) = (new string('a', size), new string('b', size));
        running.File("phone/a.txt", before);
        running.File("phone/stays.txt", "stays");
        var opened = 0;

        await BackupAsync(running, (path, times, file) =>
        {
            if (path != EntryPath.From("a.txt"))
                return file;
            opened = times;
            return times == 1 ? file : new OtherBytes(file, Encoding.ASCII.GetBytes(after));
        });

        opened.ShouldBe(3); // Hashed, sent and refused, sent as what it is now.
        running.Files().ShouldBe(new Dictionary<string, string> { ["a.txt"] = after, ["stays.txt"] = "stays" });
        running.Library.Uploaded("phone", "photos", EntryPath.From("a.txt"))!.Content.ShouldBe(ContentOf(after));
        Directory.GetFiles(Path.Combine(running.Place, ".holdfast/incoming")).ShouldBeEmpty();
    }

    [Fact]
    public async Task AFileThatIsEditedBeforeItIsSentIsStoredAsItIsThen()
    {
        await using var running = await Running.StartAsync();
        var file = running.File("phone/a.txt", "before");

        await BackupAsync(running, (_, times, reader) =>
        {
            if (times == 2)
                File.WriteAllText(file, "after, and longer");
            return reader;
        });

        running.Files().ShouldBe(new Dictionary<string, string> { ["a.txt"] = "after, and longer" });
        var name = running.Library.Uploaded("phone", "photos", EntryPath.From("a.txt"))!;
        (name.Content, name.Size).ShouldBe((ContentOf("after, and longer"), 17));
    }

    [Fact]
    public async Task TheServerIsAskedAboutManyFilesAtOnceAndNoContentIsSentTwice()
    {
        const int files = 200;
        await using var running = await Running.StartAsync();
        running.File("laptop/known.txt", "text 7");
        await running.BackupAsync("laptop", running.Token("laptop"));
        for (var i = 0; i < files; i++)
            running.File($"phone/{i}.txt", $"text {i % 150}");
        var token = running.Token("phone");
        var (posts, stored) = Posts(running, token);

        await running.BackupAsync("phone", token);

        var (after, now) = Posts(running, token);
        // 149 contents are new; the rest of the requests asks and records.
        (now - stored).ShouldBe(149);
        (after - posts - 149).ShouldBeLessThan(files / 3);
        running.Files().Count.ShouldBe(150);
    }

    private static Task BackupAsync(Running running, Func<EntryPath, int, IFileReader, IFileReader> opened)
    {
        var token = running.Token("phone");
        return running.BackupAsync("phone", new HttpLibraryTarget(running.Address, () => token, TimeProvider.System), path => new EditedFolder(LocalFolders.Open(path), opened));
    }

    private static ContentId ContentOf(string text) => new(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    /// <summary>How many POST requests the server has answered, and how many of them began an upload.</summary>
    private static (int All, int Created) Posts(Running running, string token)
    {
        var metrics = running.Curl(token, $"{running.Address}/metrics").Body;
        var counts = Regex.Matches(metrics, "requests_total\\{method=\"POST\",status=\"(\\d+)\"\\} (\\d+)").Select(m => (Status: m.Groups[1].Value, Count: int.Parse(m.Groups[2].Value))).ToList();
        return (counts.Sum(c => c.Count), counts.Where(c => c.Status == "201").Sum(c => c.Count));
    }
}
