using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;
using Holdfast.Testing.Machines;

namespace Holdfast.Library.Tests.Index;

/// <summary>The index against a model of it.</summary>
public sealed class IndexTests
{
    private static readonly string[] Words = ["holiday", "Straße", "IMG_", "a", "b\"c", "ÄÖ", "2024"];

    [Fact]
    public void DamageIsForgottenWithTheFileAndNotWhenThatIsTakenBack()
    {
        using var index = LibraryIndex.InMemory();
        var path = EntryPath.From("a"u8);
        index.Damaged(path);

        Should.Throw<InvalidOperationException>(() => index.Together(() =>
        {
            index.Remove(path);
            throw new InvalidOperationException();
        }));
        index.IsDamaged(path).ShouldBeTrue();

        index.Together(() => index.Remove(path));
        index.IsDamaged(path).ShouldBeFalse();
    }

    [Fact]
    public void ADiskThatIsFullIsSaidAsSuchAndTheIndexGoesOnWhenThereIsRoom()
    {
        using var disk = new LoopMount(size: 8 << 20);
        using var place = LocalFolders.Open(disk.Path);
        Directory.CreateDirectory(Path.Combine(disk.Path, ".holdfast"));
        using var index = LibraryIndex.Open(place, disk.Path);
        var rest = Path.Combine(disk.Path, "rest");
        Fill(rest);

        Should.Throw<FileSystemException>(() => PutMany(index)).IsNoSpace.ShouldBeTrue();
        index.FileCount.ShouldBe(0);
        System.IO.File.Delete(rest);
        PutMany(index);

        index.FileCount.ShouldBe(2000);
    }

    private static void PutMany(LibraryIndex index) => index.Together(() =>
    {
        for (var i = 0; i < 2000; i++)
            index.Put(new IndexedFile(EntryPath.From($"folder/{i}"), new ContentId(SHA256.HashData(BitConverter.GetBytes(i))), 1, default, default, (ulong)i));
    });

    private static void Fill(string path)
    {
        using var file = System.IO.File.Create(path);
        try
        {
            for (var some = new byte[4096]; ;)
            {
                file.Write(some);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // That was all.
        }
    }

    [Fact]
    public void CountsAndSearchesAreThoseOfAModel()
    {
        var random = new Random(RandomSeed.Next());
        using var index = LibraryIndex.InMemory();
        var model = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var step = 0; step < 3000; step++)
        {
            var path = $"{Words[random.Next(Words.Length)]}/{Words[random.Next(Words.Length)]}{random.Next(40)}.jpg";
            if (random.Next(3) > 0)
                index.Put(File(path, model[path] = random.Next(200)));
            else if (model.Remove(path))
                index.Remove(EntryPath.From(path));
        }

        var contents = model.Values.Distinct().ToList();
        var statistics = index.Statistics();
        (statistics.Files, statistics.Bytes, statistics.Contents, statistics.ContentBytes).ShouldBe((model.Count, model.Values.Sum(SizeOf), contents.Count, contents.Sum(SizeOf)));
        foreach (var text in new[] { "g_1", "holi", "A", "2024/img_3", "c1", "ße", "äö", ".jpg", "nowhere", "\"", "OR", "*" })
            Search(index, text).ShouldBe(
                model.Keys.Where(k => LibraryName.Fold(k).Contains(LibraryName.Fold(text), StringComparison.Ordinal)).Select(EntryPath.From).Order().Select(p => p.ToString()), text);
        var asked = Enumerable.Range(0, 300).Select(ContentOf).ToList();
        var found = index.FilesOf(asked);
        foreach (var (number, content) in asked.Index())
            (found.GetValueOrDefault(content) ?? []).Select(f => f.Path.ToString())
                .ShouldBe(model.Where(m => m.Value == number).Select(m => EntryPath.From(m.Key)).Order().Select(p => p.ToString()));
    }

    /// <summary>All pages of a search.</summary>
    private static List<string> Search(LibraryIndex index, string text)
    {
        var found = new List<string>();
        EntryPath? last = null;
        do
        {
            (var page, last) = index.FilesNamed(LibraryName.Fold(text), last);
            found.AddRange(page.Select(f => f.Path.ToString()));
        }
        while (last is not null);
        return found;
    }

    private static IndexedFile File(string path, int number) => new(EntryPath.From(path), ContentOf(number), SizeOf(number), new Timestamp(1, 2), new Timestamp(3, 4), (ulong)number);

    private static long SizeOf(int number) => (number * 7) + 1;

    private static ContentId ContentOf(int number) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{number}")));
}
