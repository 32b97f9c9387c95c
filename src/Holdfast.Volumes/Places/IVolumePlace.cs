using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;

namespace Holdfast.Volumes.Places;

/// <summary>
/// Where volumes lie: a folder or a bucket. What has a name is whole and durable; what is being written has none. Lists are
/// complete or an error.
/// </summary>
internal interface IVolumePlace : IDisposable
{
    /// <summary>For messages.</summary>
    string Display { get; }

    /// <summary>The marker, or null when it is no place.</summary>
    PlaceMarker? TryReadMarker();

    /// <summary>Makes it a place, or changes what its marker says.</summary>
    void Write(PlaceMarker marker);

    /// <summary>The first thing that lies here and is not Holdfast's; null when there is none.</summary>
    string? FirstForeign();

    /// <summary>Takes the place's lock.</summary>
    Task<IDisposable> LockAsync(string purpose, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>All volumes, oldest first.</summary>
    IReadOnlyList<VolumeName> List();

    /// <summary>Begins a new volume without a name.</summary>
    IStagedVolume Stage(VolumeName name);

    /// <summary>Opens a volume to be read.</summary>
    IFileReader Open(VolumeName name);

    /// <summary>Removes a volume for good.</summary>
    void Remove(VolumeName name);

    /// <summary>Removes what an interrupted run left without a name. Under the lock only.</summary>
    void TidyUp();

    /// <summary>A small file of what people and clients want to know of the place, below <c>.holdfast/</c>; null when there is none.</summary>
    byte[]? TryReadNote(string name);

    /// <summary>Writes one, replacing it in one step.</summary>
    void WriteNote(string name, ReadOnlySpan<byte> bytes);
}

/// <summary>A volume that has no name yet. Disposed without <see cref="Publish"/>, nothing of it stays.</summary>
internal interface IStagedVolume : IDisposable
{
    /// <summary>Takes the bytes.</summary>
    Stream Output { get; }

    /// <summary>Bytes written.</summary>
    long Length { get; }

    /// <summary>All bytes were written: makes them durable.</summary>
    void Complete();

    /// <summary>Reads what is durable, past what memory keeps of it.</summary>
    IFileReader Reopen();

    /// <summary>Gives it its name, durably; when this returns, the place holds it, whole.</summary>
    /// <param name="interruption">Ends what takes long; then the place may hold it all the same, as after a crash.</param>
    void Publish(CancellationToken interruption);
}
