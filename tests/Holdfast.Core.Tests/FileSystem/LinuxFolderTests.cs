using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Core.Tests.FileSystem;

public sealed class LinuxFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly IFolder _folder;

    public LinuxFolderTests() => _folder = LocalFolders.Open(_temporary.Path);

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void NamesThatAreNotUtf8AreListedReadAndRemovedByTheirBytes()
    {
        Command.Bash("cd \"$1\"; printf one > $'\\xff\\xfe'; printf two > $'\\xc3'; mkdir $'d\\xe9'; ln -s $'t\\xff' $'d\\xe9/l\\xff'", _temporary.Path);

        var names = _folder.List();

        Enumerable.Range(0, names.Count).Select(i => Convert.ToHexString(names[i])).ShouldBe(["64E9", "C3", "FFFE"]);
        Read(Bytes([0xff, 0xfe])).ShouldBe("one"u8.ToArray());
        _folder.ReadSymlink(Bytes([(byte)'d', 0xe9, (byte)'/', (byte)'l', 0xff])).ShouldBe([(byte)'t', 0xff]);
        _folder.Rename(Bytes([0xc3]), _folder, Bytes([0xc3, 0x28]), replace: false);
        _folder.Remove(Bytes([0xc3, 0x28]));
        Command.Bash("cd \"$1\"; ls -1 | wc -l", _temporary.Path).Text.Trim().ShouldBe("2");
    }

    [Fact]
    public void PathsLongerThanTheSystemTakesAtOnceWorkInEveryCall()
    {
        var deep = EntryPath.Root;
        for (var i = 0; i < 25; i++)
        {
            deep = deep.Child(Encoding.ASCII.GetBytes(new string('d', 200) + i.ToString("D2", CultureInfo.InvariantCulture)));
            _folder.CreateFolder(deep, 0x1ed);
        }
        var file = deep.Child("file"u8);
        file.Length.ShouldBeGreaterThan(5000);

        using (var writer = _folder.CreateFile(file, 0x1a4))
            writer.Write(0, "deep"u8);
        Read(file).ShouldBe("deep"u8.ToArray());
        _folder.Stat(file).Size.ShouldBe(4);
        _folder.SetMode(file, 0x180);
        _folder.SetModified(file, new Timestamp(5, 7));
        _folder.SetAttribute(file, Attribute("user.a", "x"));
        _folder.ReadAttributes(file).Count.ShouldBe(1);
        _folder.RemoveAttribute(file, "user.a"u8);
        _folder.ReadAttributes(file).Count.ShouldBe(0);
        _folder.CreateSymlink(deep.Child("link"u8), "file"u8);
        _folder.ReadSymlink(deep.Child("link"u8)).ShouldBe("file"u8.ToArray());
        _folder.Link(file, _folder, deep.Child("second"u8));
        _folder.Rename(file, _folder, deep.Child("third"u8), replace: false);
        _folder.SyncFolder(deep);
        using (var opened = _folder.OpenFolder(deep))
            opened.List().Count.ShouldBe(3);
        var there = Command.Must("find", _temporary.Path, "-name", "third", "-printf", "%m %s %n %T@");
        there.Text.ShouldStartWith("600 4 2 5.0000000070");
        _folder.TryStat(file).ShouldBeNull();
        _folder.Remove(deep.Child("third"u8));
    }

    [Fact]
    public void SomethingMissingAtTheEndOfALongPathIsNotThereAndNoError()
    {
        var missing = EntryPath.From(string.Join('/', Enumerable.Repeat(new string('n', 200), 25)) + "/file");

        _folder.TryStat(missing).ShouldBeNull();
        Should.Throw<FileSystemException>(() => _folder.Stat(missing)).IsNotFound.ShouldBeTrue();
        Should.Throw<FileSystemException>(() => _folder.OpenFile(missing)).Path.ShouldStartWith(_temporary.Path);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(4500)]
    public async Task ANameLongerThanAnyFileSystemTakesIsAnErrorAndNotAHang(int length)
    {
        var name = EntryPath.From(new string('n', length));

        var attempt = Task.Run(() => Should.Throw<FileSystemException>(() => _folder.CreateFile(name, 0x1a4)));

        (await attempt.WaitAsync(TimeSpan.FromSeconds(20))).Error.ShouldBe(Errno.NameTooLong);
    }

    [Fact]
    public void LongPathsThatFailLeaveNoDescriptorOpen()
    {
        var folder = EntryPath.Root;
        for (var i = 0; i < 21; i++)
        {
            folder = folder.Child(Encoding.ASCII.GetBytes(new string('d', 200)));
            _folder.CreateFolder(folder, 0x1ed);
        }
        var missing = EntryPath.From(folder.ToString() + "/" + string.Join('/', Enumerable.Repeat(new string('n', 200), 40)) + "/file");
        var before = Open();

        for (var i = 0; i < 20; i++)
            Should.Throw<FileSystemException>(() => _folder.Stat(missing));

        Open().ShouldBe(before);

        // Of this test's own folder: others run meanwhile.
        int Open() => Directory.GetFileSystemEntries("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget?.StartsWith(_temporary.Path, StringComparison.Ordinal) == true);
    }

    [Fact]
    public void EveryFieldOfTheMetadataIsWhatStatSays()
    {
        TortureTree.Build(_temporary.Folder("tree"), seed: 3);
        using var tree = LocalFolders.Open(_temporary["tree"]);
        var seen = 0;
        foreach (var path in new[] { "times/before 1970", "times/half a second before 1970", "times/after 2038", "modes/file 4755", "modes/folder 1777", "symlinks/dangling", "specials/fifo", "specials/socket", "sparse/all hole", "links/b/first 2", "contents/size 1" }
            .Concat(Command.IsRoot ? ["specials/char", "specials/block", "specials/large numbers", "owners/nameless", "owners/large", "modes/file 0"] : Array.Empty<string>()))
        {
            var stat = tree.Stat(EntryPath.From(path));
            // Raw mode in hexadecimal, numbers, decimal times.
            var expected = Command.Must("stat", "-c", "%f %s %b %h %u %g %i %Hr %Lr %Hd %Ld %.9Y %.9Z %.9W", Path.Combine(_temporary["tree"], path)).Text.Trim().Split(' ');
            var mode = int.Parse(expected[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            stat.Mode.ShouldBe(mode & 0xfff, path);
            stat.Type.ShouldBe((mode >> 12) switch { 8 => EntryType.File, 4 => EntryType.Folder, 10 => EntryType.Symlink, 1 => EntryType.Fifo, 12 => EntryType.Socket, 2 => EntryType.CharDevice, _ => EntryType.BlockDevice }, path);
            new[]
            {
                stat.Size, stat.Blocks, stat.Links, stat.UserId, stat.GroupId, (long)stat.Inode, stat.Special.Major, stat.Special.Minor, (long)(stat.Device >> 32), (long)(uint)stat.Device,
            }.Select(n => n.ToString(CultureInfo.InvariantCulture)).ShouldBe(expected[1..11], path);
            new[] { stat.Modified, stat.Changed, stat.Born!.Value }.Select(t => t.ToString()).ShouldBe(expected[11..], path);
            tree.TryStat(EntryPath.From(path)).ShouldBe(stat);
            using var reader = stat.Type == EntryType.File ? tree.OpenFile(EntryPath.From(path)) : null;
            if (reader is not null)
                reader.Stat().ShouldBe(stat);
            seen++;
        }
        seen.ShouldBeGreaterThan(10);
        tree.Stat(EntryPath.From("sparse/all hole")).IsSparse.ShouldBeTrue();
        tree.Stat(EntryPath.From("contents/size 65536")).IsSparse.ShouldBeFalse();
    }

    [Fact]
    public void AttributeListsLargerThanOneReadComeWhole()
    {
        using var disk = new LoopMount("xfs"); // ext4 keeps no more than a block
        using var folder = LocalFolders.Open(disk.Path);
        using (folder.CreateFile(EntryPath.From("file"), 0x1a4))
        {
        }
        var random = new Random(RandomSeed.Next());
        var attributes = Enumerable.Range(0, 60).Select(i => Attribute($"user.{i:D3}{new string('n', 200)}", new string((char)('a' + random.Next(26)), random.Next(100)))).ToList();
        attributes.Add(new ExtendedAttribute("user.large"u8.ToArray(), RandomBytes(random, 65536)));
        foreach (var attribute in attributes)
            folder.SetAttribute(EntryPath.From("file"), attribute);

        folder.ReadAttributes(EntryPath.From("file")).ShouldBe(ExtendedAttributes.From(attributes));

        var listed = Command.Must("getfattr", "-d", "-m", "-", "--absolute-names", Path.Combine(disk.Path, "file"));
        listed.Text.Split('\n').Count(l => l.StartsWith("user.", StringComparison.Ordinal)).ShouldBe(61);
    }

    [Fact]
    public void AclsComeBackAsGetfaclShowsThem()
    {
        Peer.Require("setfacl", "getfacl");
        _temporary.Folder("from/folder");
        _temporary.File("from/file");
        Command.Must("setfacl", "-m", "u:1:rwx,g:2:r,g:54321:rx,m::rw", _temporary["from/file"]);
        Command.Must("setfacl", "-m", "u:1:rx", "-d", "-m", "u:2:rwx,o::-", _temporary["from/folder"]);
        foreach (var (name, create) in new (string, Action<EntryPath>)[] { ("file", p => _folder.CreateFile(p, 0x180).Dispose()), ("folder", p => _folder.CreateFolder(p, 0x1c0)) })
        {
            var from = EntryPath.From("from/" + name);
            var to = EntryPath.From("to " + name);
            create(to);
            foreach (var attribute in _folder.ReadAttributes(from).Items)
                _folder.SetAttribute(to, attribute);

            Acl("to " + name).ShouldBe(Acl("from/" + name));
            _folder.Stat(to).Mode.ShouldBe(_folder.Stat(from).Mode);
        }
        Acl("to folder").ShouldContain("default:user:bin:rwx");

        string Acl(string path) => Command.Must("getfacl", "--omit-header", "--absolute-names", _temporary[path]).Text;
    }

    [Fact]
    public void AttributesOfLinksAndFoldersAreTheirOwn()
    {
        Peer.RequireRoot();
        _temporary.File("file");
        _folder.CreateSymlink(EntryPath.From("link"), "file"u8);
        _folder.SetAttribute(EntryPath.From("link"), Attribute("trusted.x", "link"));
        _folder.SetAttribute(EntryPath.From("file"), Attribute("user.binary", "\0\x01"));
        _folder.SetAttribute(EntryPath.Root, Attribute("user.empty", ""));

        _folder.ReadAttributes(EntryPath.From("link")).ShouldBe(ExtendedAttributes.From([Attribute("trusted.x", "link")]));
        _folder.ReadAttributes(EntryPath.From("file")).ShouldBe(ExtendedAttributes.From([Attribute("user.binary", "\0\x01")]));
        _folder.ReadAttributes(EntryPath.Root).ShouldBe(ExtendedAttributes.From([Attribute("user.empty", "")]));
    }

    [Fact]
    public void TheMapOfASparseFileIsItsStretchesOfData()
    {
        const int megabyte = 1 << 20;
        using (var writer = _folder.CreateFile(EntryPath.From("sparse"), 0x1a4))
        {
            writer.Write(megabyte, new byte[8192].Select(_ => (byte)1).ToArray());
            writer.Write(3 * megabyte, new byte[4096].Select(_ => (byte)2).ToArray());
            writer.SetSize(5 * megabyte);
        }
        using var reader = _folder.OpenFile(EntryPath.From("sparse"));

        reader.NextData(0, 5 * megabyte).ShouldBe((megabyte, megabyte + 8192));
        reader.NextData(megabyte + 8192, 5 * megabyte).ShouldBe((3 * megabyte, 3 * megabyte + 4096));
        reader.NextData(3 * megabyte + 4096, 5 * megabyte).ShouldBeNull();
        reader.NextData(megabyte + 5, 5 * megabyte).ShouldBe((megabyte + 5, megabyte + 8192));
        Command.Must("stat", "-c", "%s %b", _temporary["sparse"]).Text.Trim().ShouldBe($"{5 * megabyte} 24");
    }

    [Fact]
    public void DeviceNumbersAreTheNumbersAskedFor()
    {
        Peer.RequireRoot();
        foreach (var (type, major, minor, letter) in new[] { (EntryType.CharDevice, 1u, 3u, "character special file"), (EntryType.BlockDevice, 259u, 70_000u, "block special file"), (EntryType.CharDevice, 4095u, 1_048_575u, "character special file") })
        {
            var name = EntryPath.From($"device {major}");
            _folder.CreateSpecial(name, type, 0x1b0, new DeviceNumber(major, minor));

            Command.Must("stat", "-c", "%F %Hr %Lr", _temporary[name.ToString()]).Text.Trim().ShouldBe($"{letter} {major} {minor}");
            _folder.Stat(name).Special.ShouldBe(new DeviceNumber(major, minor));
        }
    }

    [Fact]
    public void ARenameReplacesOnlyWhenAskedTo()
    {
        _temporary.File("a", "a");
        _temporary.File("b", "b");

        var refused = Should.Throw<FileSystemException>(() => _folder.Rename(EntryPath.From("a"), _folder, EntryPath.From("b"), replace: false));
        refused.Error.ShouldBe(Errno.Exists);
        refused.Message.ShouldContain(_temporary["a"]);
        File.ReadAllText(_temporary["b"]).ShouldBe("b");

        _folder.Rename(EntryPath.From("a"), _folder, EntryPath.From("b"), replace: true);
        File.ReadAllText(_temporary["b"]).ShouldBe("a");
        File.Exists(_temporary["a"]).ShouldBeFalse();
    }

    [Fact]
    public void ARenameThatMayNotReplaceSaysSoWhereTheFileSystemKnowsNoSuchRename()
    {
        using var disk = new LoopMount("exfat");
        using var folder = LocalFolders.Open(disk.Path);
        foreach (var name in new[] { "a", "b" })
            using (var writer = folder.CreateFile(EntryPath.From(name), 0x1a4))
                writer.Write(0, Encoding.ASCII.GetBytes(name));

        Should.Throw<FileSystemException>(() => folder.Rename(EntryPath.From("a"), folder, EntryPath.From("b"), replace: false)).Error.ShouldBe(Errno.Exists);
        File.ReadAllText(Path.Combine(disk.Path, "b")).ShouldBe("b");
        folder.Rename(EntryPath.From("a"), folder, EntryPath.From("c"), replace: false);
        File.ReadAllText(Path.Combine(disk.Path, "c")).ShouldBe("a");
    }

    [Fact]
    public void ChangesOfALinksMetadataNeverReachWhatItPointsTo()
    {
        _temporary.File("file");
        _folder.SetMode(EntryPath.From("file"), 0x1a4);
        _folder.SetModified(EntryPath.From("file"), new Timestamp(1000, 0));
        _folder.CreateSymlink(EntryPath.From("link"), "file"u8);

        _folder.SetModified(EntryPath.From("link"), new Timestamp(5, 0));
        Should.Throw<FileSystemException>(() => _folder.SetMode(EntryPath.From("link"), 0x1ff));
        Should.Throw<FileSystemException>(() => _folder.OpenFile(EntryPath.From("link"))).Error.ShouldBe(Errno.Loop);

        _folder.Stat(EntryPath.From("file")).Mode.ShouldBe(0x1a4);
        _folder.Stat(EntryPath.From("file")).Modified.ShouldBe(new Timestamp(1000, 0));
        _folder.Stat(EntryPath.From("link")).Modified.ShouldBe(new Timestamp(5, 0));
    }

    [Fact]
    public async Task OpeningAFifoDoesNotWaitForAWriter()
    {
        _folder.CreateSpecial(EntryPath.From("fifo"), EntryType.Fifo, 0x1a4, default);

        await Task.Run(() => _folder.OpenFile(EntryPath.From("fifo")).Dispose()).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void TimesAreKeptToTheNanosecondInEveryCentury()
    {
        _temporary.File("file");
        foreach (var time in new[] { new Timestamp(0, 0), new Timestamp(-1, 999_999_999), new Timestamp(-2_000_000_000, 1), new Timestamp(7_258_118_400, 5) })
        {
            _folder.SetModified(EntryPath.From("file"), time);
            _folder.Stat(EntryPath.From("file")).Modified.ShouldBe(time);
            Command.Must("stat", "-c", "%.9Y", _temporary["file"]).Text.Trim().ShouldBe(time.ToString());
        }
    }

    [Fact]
    public void AHundredThousandNamesAreListedWholeAndInOrder()
    {
        _temporary.File("wide/1");
        _temporary.File("wide/50001");
        using var wide = LocalFolders.Open(_temporary["wide"]);
        // Names of two files: quicker than as many files, and an inode takes no more than 65,000.
        foreach (var number in Enumerable.Range(1, 100_000).Except([1, 50_001]))
            wide.Link(EntryPath.From(number <= 50_000 ? "1" : "50001"), wide, EntryPath.From(number.ToString(CultureInfo.InvariantCulture)));

        var names = wide.List();

        names.Count.ShouldBe(100_000);
        var expected = Enumerable.Range(1, 100_000).Select(i => i.ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal).ToList();
        for (var i = 0; i < names.Count; i++)
            if (!names[i].SequenceEqual(Encoding.ASCII.GetBytes(expected[i])))
                Assert.Fail($"name {i} is {Encoding.ASCII.GetString(names[i])}, not {expected[i]}");
        names.Contains("77777"u8).ShouldBeTrue();
        names.Contains("100001"u8).ShouldBeFalse();
        names.NulTerminated(0).ToArray().ShouldBe("1\0"u8.ToArray());
        wide.List().Count.ShouldBe(100_000, "a second listing through one folder is whole too");
    }

    [Fact]
    public void ReadsGiveAllBytesUpToTheEnd()
    {
        var bytes = RandomBytes(new Random(RandomSeed.Next()), 300_000);
        File.WriteAllBytes(_temporary["file"], bytes);
        using var reader = _folder.OpenFile(EntryPath.From("file"));
        var buffer = new byte[200_000];

        reader.Read(0, buffer).ShouldBe(200_000);
        buffer.AsSpan().SequenceEqual(bytes.AsSpan(0, 200_000)).ShouldBeTrue();
        reader.Read(200_000, buffer).ShouldBe(100_000);
        buffer.AsSpan(0, 100_000).SequenceEqual(bytes.AsSpan(200_000)).ShouldBeTrue();
        reader.Read(300_000, buffer).ShouldBe(0);
    }

    [Fact]
    public void AFileIsCreatedOnlyWhereThereIsNone()
    {
        _temporary.File("file", "old");
        _folder.CreateSymlink(EntryPath.From("dangling"), "elsewhere"u8);

        foreach (var name in new[] { "file", "dangling" })
            Should.Throw<FileSystemException>(() => _folder.CreateFile(EntryPath.From(name), 0x1a4)).Error.ShouldBe(Errno.Exists);

        File.Exists(_temporary["elsewhere"]).ShouldBeFalse();
        File.ReadAllText(_temporary["file"]).ShouldBe("old");
    }

    [Fact]
    public void ReflinksShareBlocksWhereTheFileSystemCanAndAreRefusedElsewhere()
    {
        using var disk = new LoopMount("btrfs");
        using var folder = LocalFolders.Open(disk.Path);
        folder.Traits.Reflinks.ShouldBeTrue();
        var bytes = RandomBytes(new Random(RandomSeed.Next()), 1 << 20);
        File.WriteAllBytes(Path.Combine(disk.Path, "source"), bytes);
        using var source = folder.OpenFile(EntryPath.From("source"));

        using (var writer = folder.CreateFile(EntryPath.From("clone"), 0x1a4))
            writer.TryClone(source).ShouldBeTrue();
        File.ReadAllBytes(Path.Combine(disk.Path, "clone")).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        using (var elsewhere = _folder.CreateFile(EntryPath.From("clone"), 0x1a4))
            elsewhere.TryClone(source).ShouldBeFalse();
    }

    [Fact]
    public void AFullDiskIsNamedAsSuch()
    {
        using var disk = new LoopMount("ext4", 4 << 20);
        using var folder = LocalFolders.Open(disk.Path);
        using var writer = folder.CreateFile(EntryPath.From("file"), 0x1a4);

        Should.Throw<FileSystemException>(() => writer.Reserve(64 << 20)).IsNoSpace.ShouldBeTrue();
        var full = Should.Throw<FileSystemException>(() => writer.Write(0, new byte[64 << 20]));
        full.IsNoSpace.ShouldBeTrue();
        full.Message.ShouldContain("no space left");
    }

    private byte[] Read(EntryPath path)
    {
        using var reader = _folder.OpenFile(path);
        var buffer = new byte[reader.Stat().Size];
        reader.Read(0, buffer).ShouldBe(buffer.Length);
        return buffer;
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static EntryPath Bytes(byte[] bytes) => EntryPath.From(bytes);

    private static ExtendedAttribute Attribute(string name, string value) => new(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value));
}
