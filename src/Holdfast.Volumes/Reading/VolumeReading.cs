using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Stores;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Codec.Children;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Record;
using Holdfast.Volumes.Tar;
using Microsoft.Data.Sqlite;

namespace Holdfast.Volumes.Reading;

/// <summary>Reads one volume from its first byte to its last, hashing every file.</summary>
internal sealed class VolumeReading(IVolumePlace place, VolumeCodec codec)
{
    private static readonly byte[] Zeros = new byte[64 * 1024];

    private readonly byte[] _buffer = new byte[1024 * 1024];

    /// <summary>Reads.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="planned">Is told what the volume is meant to be, before anything else.</param>
    /// <param name="member">Is told of every member that is the source's.</param>
    /// <param name="line">Is told of every line of the index, after all members.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Its end, and whether every byte of the archive is as it was written.</returns>
    /// <exception cref="HoldfastException">The passphrase does not fit.</exception>
    /// <exception cref="DamagedVolumeException">The volume is damaged or incomplete.</exception>
    public (VolumeEnd End, bool IsIntact) Read(VolumeName name, Action<VolumePlan> planned, Action<ReadMember> member, Action<IndexLine> line, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = VolumeCodec.Of(name, codec).Decode(new FileReadStream(place.Open(name)));
            return Read(new TarReader(stream), planned, member, line, cancellationToken);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new DamagedVolumeException(name, e);
        }
    }

    /// <summary>Reads no more than what a volume is meant to be.</summary>
    /// <exception cref="HoldfastException">The passphrase does not fit.</exception>
    /// <exception cref="DamagedVolumeException">It says nothing of itself.</exception>
    public VolumePlan ReadPlan(VolumeName name)
    {
        try
        {
            using var stream = VolumeCodec.Of(name, codec).Decode(new FileReadStream(place.Open(name)));
            return ReadPlan(new TarReader(stream));
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new DamagedVolumeException(name, e);
        }
    }

    // A store that cannot be reached says nothing of what it holds, and neither does a mount that is gone, a missing permission or
    // program, or the database that takes what is read.
    private static bool IsDamage(Exception e) =>
        e is InvalidDataException or EndOfStreamException or FormatException or FileSystemException { Error: Errno.InputOutput } || (e is HoldfastException { Kind: ErrorKind.Failed, InnerException: not SqliteException } and not (StoreException or ProgramException));

    private static VolumePlan ReadPlan(TarReader tar)
    {
        var first = tar.Next();
        return first is { IsAboutVolume: true } && first.Entry.Path == VolumePlan.Path
            ? VolumePlan.Parse(Bytes(tar, first))
            : throw new InvalidDataException("it does not begin with .holdfast/plan.json");
    }

    private (VolumeEnd End, bool IsIntact) Read(TarReader tar, Action<VolumePlan> planned, Action<ReadMember> member, Action<IndexLine> line, CancellationToken cancellationToken)
    {
        planned(ReadPlan(tar));
        VolumeEnd? end = null;
        var isIntact = false;
        while (tar.Next() is { } next)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!next.IsAboutVolume)
                member(new ReadMember(EntryOf(tar, next), next.Position));
            else if (next.Entry.Path == IndexLine.MemberPath)
                ReadIndex(tar, line);
            else if (next.Entry.Path == VolumeEnd.Path)
            {
                var bytes = Bytes(tar, next);
                end = VolumeEnd.Parse(bytes);
                isIntact = end.IsChecksumRight(bytes, tar.ChecksumBefore);
            }
        }
        // Whatever checks the decompressor and gpg keep at the end are looked at only when the stream is read to it.
        isIntact &= tar.DrainZeros();
        return end is null ? throw new InvalidDataException("it lacks .holdfast/volume-end.json: the run that wrote it was cut off") : (end, isIntact);
    }

    private Entry EntryOf(TarReader tar, TarMember member)
    {
        var entry = member.Entry;
        if (member.HardLinkTo is { } first)
            return entry with { LinkedWith = first };
        return entry.Type == EntryType.File ? entry with { Content = Hash(tar, member) } : entry;
    }

    private ContentId Hash(TarReader tar, TarMember member)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var at = 0L;
        foreach (var stretch in member.Data ?? [new DataStretch(0, member.Entry.Size)])
        {
            HashZeros(hash, stretch.Start - at);
            for (at = stretch.Start; at < stretch.End;)
            {
                var got = tar.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, stretch.End - at)));
                if (got == 0)
                    throw new InvalidDataException($"the map of '{member.Entry.Path}' promises more bytes than there are");
                hash.AppendData(_buffer, 0, got);
                at += got;
            }
        }
        HashZeros(hash, member.Entry.Size - at);
        return new ContentId(hash.GetHashAndReset());
    }

    private static void HashZeros(IncrementalHash hash, long count)
    {
        for (; count > 0; count -= Math.Min(count, Zeros.Length))
            hash.AppendData(Zeros, 0, (int)Math.Min(count, Zeros.Length));
    }

    private static byte[] Bytes(TarReader tar, TarMember member)
    {
        const long most = 1L << 30;
        if (member.DataLength > most)
            throw new InvalidDataException($"'{member.Entry.Path}' is too large to be what it says");
        var bytes = new byte[member.DataLength];
        for (var filled = 0; filled < bytes.Length;)
            filled += tar.Read(bytes.AsSpan(filled));
        return bytes;
    }

    private void ReadIndex(TarReader tar, Action<IndexLine> line)
    {
        var rest = new MemoryStream();
        for (int got; (got = tar.Read(_buffer)) > 0;)
        {
            var bytes = _buffer.AsMemory(0, got);
            for (int end; (end = bytes.Span.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
            {
                rest.Write(bytes.Span[..end]);
                line(IndexLine.Parse(rest.GetBuffer().AsMemory(0, (int)rest.Length)));
                rest.SetLength(0);
            }
            rest.Write(bytes.Span);
        }
        if (rest.Length > 0)
            throw new InvalidDataException("the index is cut off within a line");
    }
}

/// <summary>A volume that cannot be read to its end, or is not what it should be.</summary>
internal sealed class DamagedVolumeException(VolumeName name, Exception inner) : Exception(inner.Message, inner)
{
    /// <summary>The volume.</summary>
    public VolumeName Name => name;
}
