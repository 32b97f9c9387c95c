using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Volumes.Places;

/// <summary>A folder that holds volumes. New ones are written below <c>.holdfast/staging</c> and renamed, so nothing is copied twice.</summary>
internal sealed class DiskPlace(IFolder folder) : IVolumePlace
{
    private const int FolderMode = 0x1ED;
    private static readonly EntryPath Lock = PlaceMarker.Folder.Child("lock"u8);
    private static readonly EntryPath Staging = PlaceMarker.Folder.Child("staging"u8);

    public string Display => folder.Display;

    public PlaceMarker? TryReadMarker() => PlaceMarker.TryRead(folder);

    public void Write(PlaceMarker marker) => marker.Write(folder);

    public string? FirstForeign()
    {
        var listing = folder.List();
        for (var i = 0; i < listing.Count; i++)
            if (!listing[i].SequenceEqual("lost+found"u8) && !listing[i].SequenceEqual(PlaceMarker.Folder.Bytes))
                return PathText.ForPeople(listing[i]);
        return null;
    }

    public async Task<IDisposable> LockAsync(string purpose, TimeSpan wait, CancellationToken cancellationToken) =>
        await PlaceLock.TakeAsync(folder, Lock, purpose, wait, cancellationToken);

    public IReadOnlyList<VolumeName> List()
    {
        var listing = folder.List();
        var names = new List<VolumeName>();
        for (var i = 0; i < listing.Count; i++)
            if (VolumeName.TryParse(Encoding.UTF8.GetString(listing[i])) is { } name)
                names.Add(name);
        names.Sort((a, b) => a.Number.CompareTo(b.Number));
        return names;
    }

    public IStagedVolume Stage(VolumeName name)
    {
        FolderTree.Ensure(folder, Staging, FolderMode);
        return new StagedFile(folder, Staging.Child(name.Path.Bytes), name.Path);
    }

    public IFileReader Open(VolumeName name) => folder.OpenFile(name.Path);

    public void Remove(VolumeName name)
    {
        folder.Remove(name.Path);
        folder.SyncFolder(EntryPath.Root);
    }

    public void TidyUp() => FolderTree.Delete(folder, Staging);

    public byte[]? TryReadNote(string name) => SmallFile.TryRead(folder, PlaceMarker.Folder.Child(Encoding.UTF8.GetBytes(name)));

    public void WriteNote(string name, ReadOnlySpan<byte> bytes)
    {
        var path = PlaceMarker.Folder;
        foreach (var part in name.Split('/'))
        {
            FolderTree.Ensure(folder, path, FolderMode);
            path = path.Child(Encoding.UTF8.GetBytes(part));
        }
        SmallFile.Write(folder, path, bytes);
    }

    public void Dispose() => folder.Dispose();
}

/// <summary>A volume being written in the place's own staging folder.</summary>
internal sealed class StagedFile : IStagedVolume
{
    private const int FileMode = 0x180;
    private const long WritebackStep = 8 * 1024 * 1024;

    private readonly IFolder _folder;
    private readonly EntryPath _staged, _final;
    private readonly IFileWriter _file;
    private bool _published;

    public StagedFile(IFolder folder, EntryPath staged, EntryPath final)
    {
        (_folder, _staged, _final) = (folder, staged, final);
        if (folder.TryStat(staged) is not null)
            folder.Remove(staged);
        // Whoever may read a volume may read the files in it, so only its owner may.
        _file = folder.CreateFile(staged, FileMode);
        Output = new FileWriteStream(new WritingBack(_file, WritebackStep));
    }

    public Stream Output { get; }

    public long Length => Output.Length;

    public void Complete()
    {
        _file.Sync();
        _file.Dispose();
    }

    public IFileReader Reopen()
    {
        var file = _folder.OpenFile(_staged);
        file.Advise(ReadAdvice.Forget);
        return file;
    }

    public void Publish(CancellationToken interruption)
    {
        // Invariant: the bytes are durable and were read back; without replacing, two runs can never make one name mean two things.
        _folder.Rename(_staged, _folder, _final, replace: false);
        _folder.SyncFolder(EntryPath.Root);
        _published = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (_published || _folder.TryStat(_staged) is null)
            return;
        _folder.Remove(_staged);
    }
}
