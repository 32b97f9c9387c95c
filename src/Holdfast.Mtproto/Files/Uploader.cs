using System.Buffers;
using System.Security.Cryptography;
using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Files;

/// <summary>One upload.</summary>
internal sealed class Uploader(FileTransfers transfers, Stream source, string name, UploadOptions options)
{
    private const int Part = FileLimits.UploadPart;
    private const int StatesEvery = 16;
    private const int MaxRestarts = 3;
    private readonly long _start = source.CanSeek ? source.Position : 0;
    private readonly long _limit = options.IsPremium ? FileLimits.Premium : FileLimits.Standard;
    private long _fileId = options.Resume?.FileId ?? NewId();
    private long _sent;

    private static long NewId() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    public async Task<InputFileBase> RunAsync(CancellationToken ct)
    {
        if (!source.CanSeek) return await StreamAsync(ct);
        var length = source.Length - _start;
        if (length == 0) throw new EmptyFileException(name);
        if (length > _limit) throw new FileTooLargeException(name, _limit);
        var parts = new PartSet(CountOf(length));
        if (options.Resume is { } resume && resume.Length == length) parts = PartSet.FromBytes(parts.Count, resume.Parts);
        return await SendPartsAsync(length, parts, ct);
    }

    public async Task<T> SendAsync<T>(Func<InputFileBase, ITlMethod<T>> call, TelegramClient client, CancellationToken ct)
    {
        var file = await RunAsync(ct);
        for (var restarts = 0; ; restarts++)
        {
            try
            {
                return await client.CallAsync(call(file), ct);
            }
            catch (RpcException e) when (source.CanSeek && restarts < MaxRestarts && e.Kind is "FILE_PART_X_MISSING" or "FILE_PARTS_INVALID" or "FILE_ID_INVALID" or "MD5_CHECKSUM_INVALID")
            {
                file = e.Kind == "FILE_PART_X_MISSING" ? await MendAsync(e.Number, ct) : await RestartAsync(ct);
            }
        }
    }

    /// <summary>Telegram lost one part: it goes again, and so do others that are missing, one complaint at a time.</summary>
    private async Task<InputFileBase> MendAsync(int part, CancellationToken ct)
    {
        var length = source.Length - _start;
        var parts = new PartSet(CountOf(length));
        for (var i = 0; i < parts.Count; i++) parts.Add(i);
        // One that is missing means as a rule that those behind it are, too.
        for (var i = part; i < parts.Count; i++) parts.Remove(i);
        return await SendPartsAsync(length, parts, ct);
    }

    private async Task<InputFileBase> RestartAsync(CancellationToken ct)
    {
        _fileId = NewId();
        var length = source.Length - _start;
        return await SendPartsAsync(length, new PartSet(CountOf(length)), ct);
    }

    private static int CountOf(long length) => (int)((length + Part - 1) / Part);

    private async Task<InputFileBase> SendPartsAsync(long length, PartSet parts, CancellationToken ct)
    {
        var isSmall = length <= FileLimits.Small;
        using var md5 = isSmall ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        _sent = 0;
        await using var flight = new Flight(transfers, ct);
        for (var i = 0; i < parts.Count; i++)
        {
            var size = (int)Math.Min(Part, length - ((long)i * Part));
            if (parts.Has(i) && md5 is null)
            {
                Report(size);
                continue;
            }
            var buffer = await flight.RentAsync(size);
            source.Position = _start + ((long)i * Part);
            await flight.ReadAsync(source, buffer, name);
            md5?.AppendData(buffer.Bytes.Span);
            var number = i;
            if (parts.Has(i)) buffer.Dispose();
            else flight.Send(buffer, PartOf(number, isSmall ? null : parts.Count, buffer.Bytes), () => Arrived(parts, number, size, length));
        }
        await flight.LandAsync();
        options.OnState?.Invoke(new UploadState(_fileId, length, parts.ToBytes()));
        return isSmall
            ? new InputFile { Id = _fileId, Parts = parts.Count, Name = name, Md5Checksum = Convert.ToHexStringLower(md5!.GetHashAndReset()) }
            : new InputFileBig { Id = _fileId, Parts = parts.Count, Name = name };
    }

    private void Arrived(PartSet parts, int part, int size, long length)
    {
        parts.Add(part);
        Report(size);
        if (parts.Done % StatesEvery == 0) options.OnState?.Invoke(new UploadState(_fileId, length, parts.ToBytes()));
    }

    private void Report(int size) => options.Progress?.Report(Interlocked.Add(ref _sent, size));

    /// <summary>
    /// A stream of unknown length: the small way needs the whole checksum first, so up to 10 MiB are held;
    /// beyond that parts are sent with an unknown total, and only the last one names it.
    /// </summary>
    private async Task<InputFileBase> StreamAsync(CancellationToken ct)
    {
        using var begin = new MemoryStream();
        var head = new byte[Part];
        while (begin.Length <= FileLimits.Small && await source.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct) is > 0 and var count) begin.Write(head, 0, count);
        if (begin.Length <= FileLimits.Small)
        {
            begin.Position = 0;
            return await new Uploader(transfers, begin, name, options with { Resume = null }).RunAsync(ct);
        }
        begin.Position = 0;
        return await StreamBigAsync(new ConcatenatedStream(begin, source), ct);
    }

    private async Task<InputFileBase> StreamBigAsync(Stream stream, CancellationToken ct)
    {
        await using var flight = new Flight(transfers, ct);
        // The last part names the total, so it has to be known whether there is another one before a part is sent.
        // What is read ahead is held outside the pool: to wait for a place while holding one could be to wait for ever.
        byte[] current = new byte[Part], next = new byte[Part];
        var size = await stream.ReadAtLeastAsync(current, Part, throwOnEndOfStream: false, ct);
        for (var i = 0; ; i++)
        {
            if ((long)(i + 1) * Part > _limit) throw new FileTooLargeException(name, _limit);
            var nextSize = size < Part ? 0 : await stream.ReadAtLeastAsync(next, Part, throwOnEndOfStream: false, ct);
            var (sent, total) = (size, nextSize == 0 ? i + 1 : -1);
            var buffer = await flight.RentAsync(size);
            current.AsSpan(0, size).CopyTo(buffer.Bytes.Span);
            flight.Send(buffer, PartOf(i, total, buffer.Bytes), () => Report(sent));
            if (nextSize == 0)
            {
                await flight.LandAsync();
                return new InputFileBig { Id = _fileId, Parts = i + 1, Name = name };
            }
            (current, next, size) = (next, current, nextSize);
        }
    }

    private ITlMethod<bool> PartOf(int number, int? total, ReadOnlyMemory<byte> bytes) => total is { } count
        ? new UploadSaveBigFilePart { FileId = _fileId, FilePart = number, FileTotalParts = count, Bytes = bytes }
        : new UploadSaveFilePart { FileId = _fileId, FilePart = number, Bytes = bytes };
}

/// <summary>A pooled buffer with its place on a connection.</summary>
internal sealed class PartBuffer(TransferPool.Lease lease, int size) : IDisposable
{
    private byte[]? _array = ArrayPool<byte>.Shared.Rent(size);

    public TransferPool.Lease Lease => lease;

    public Memory<byte> Bytes => _array.AsMemory(0, size);

    public void Dispose()
    {
        lease.Dispose();
        if (Interlocked.Exchange(ref _array, null) is { } array) ArrayPool<byte>.Shared.Return(array);
    }
}
