using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Record;
using Holdfast.Volumes.Tar;

namespace Holdfast.Volumes.Run;

/// <summary>
/// A volume being written: archive → hash → compression → encryption → staged file. It is durable and was read back before it can
/// be published.
/// </summary>
internal sealed class NewVolume : IDisposable
{
    private readonly VolumeCodec _codec;
    private readonly IStagedVolume _staged;
    private readonly AsideEncoding _encoding;
    private readonly HashingStream _hashed;
    private readonly List<string> _torn = [];
    private long _members;
    private bool _isVerified;

    public NewVolume(IVolumePlace place, VolumeName name, VolumePlan plan, VolumeCodec codec)
    {
        Name = name;
        _codec = codec;
        _staged = place.Stage(name);
        EncodingStream? encoding = null;
        try
        {
            encoding = _hashed = new HashingStream(codec.Encode(_staged.Output));
            encoding = _encoding = new AsideEncoding(_hashed);
            Tar = new TarWriter(_encoding);
            AddAbout(VolumePlan.Path, plan.ToBytes(), plan.Time);
        }
        catch
        {
            encoding?.Dispose();
            _staged.Dispose();
            throw;
        }
    }

    public VolumeName Name { get; }

    /// <summary>The archive.</summary>
    public TarWriter Tar { get; }

    /// <summary>Bytes of the file; known when it is complete.</summary>
    public long Length => _staged.Length;

    /// <summary>Members written so far.</summary>
    public long Members => _members;

    /// <summary>Begins a member; returns its position.</summary>
    public long Begin(TarMember member)
    {
        _members++;
        return Tar.Begin(member);
    }

    /// <summary>Ends the current member, though not all of its bytes came: zeros take their place, and the volume says so.</summary>
    public void EndTorn(EntryPath path)
    {
        if (Tar.IsBroken)
            return; // The run fails for the reason that broke it.
        Tar.WriteZeros(Tar.Missing);
        Tar.End();
        _torn.Add(PathText.Encode(path.Bytes));
    }

    /// <summary>Adds a member about the volume itself, of bytes at hand.</summary>
    public void AddAbout(EntryPath path, ReadOnlySpan<byte> bytes, DateTimeOffset time)
    {
        BeginAbout(path, bytes.Length, time);
        Tar.Write(bytes);
        Tar.End();
    }

    /// <summary>Begins a member about the volume itself. Its time is of whole seconds: those stand where tar has a checksum.</summary>
    public void BeginAbout(EntryPath path, long size, DateTimeOffset time) =>
        Begin(new TarMember(new Entry { Path = path, Type = EntryType.File, Size = size, Mode = 0x1A4, Modified = Timestamp.From(time) with { Nanoseconds = 0 } }) { IsAboutVolume = true });

    /// <summary>Writes the end and makes the file durable.</summary>
    /// <exception cref="HoldfastException">A child process failed.</exception>
    public void Complete(VolumeEnd end, DateTimeOffset time)
    {
        _encoding.Settle();
        AddAbout(VolumeEnd.Path, (end with { Members = _members, Torn = _torn }).ToBytes(_hashed.Finish()), time);
        Tar.Finish();
        _encoding.Complete();
        _staged.Complete();
    }

    /// <summary>Reads the durable file back and compares the whole archive.</summary>
    /// <exception cref="HoldfastException">What was read back is not what was written.</exception>
    public void Verify(CancellationToken interruption)
    {
        var written = _hashed.Finish();
        using var read = _codec.Decode(new FileReadStream(_staged.Reopen()));
        var hash = new XxHash64();
        var buffer = new byte[1024 * 1024];
        for (int got; (got = read.Read(buffer)) > 0;)
        {
            interruption.ThrowIfCancellationRequested();
            hash.Append(buffer.AsSpan(0, got));
        }
        _isVerified = hash.Finish() == written;
        if (!_isVerified)
            throw new HoldfastException(ErrorKind.Failed, $"the volume '{Name}' was read back and is not what was written.", "It was thrown away and nothing was recorded. The disk, its cable or this machine's memory is failing.");
    }

    /// <summary>Gives the volume its name.</summary>
    public void Publish(CancellationToken interruption)
    {
        if (!_isVerified)
            throw new InvalidOperationException("What was not read back gets no name.");
        _staged.Publish(interruption);
    }

    public void Dispose()
    {
        _encoding.Dispose();
        _staged.Dispose();
    }
}
