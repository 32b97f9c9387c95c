using System.Net.Http.Headers;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Http;

/// <summary>A content behind a server, read in ranges. A range that is cut off is asked for again.</summary>
internal sealed class HttpFileReader(LibraryClient client, string path, long size) : IFileReader
{
    private const int Attempts = 5;

    public FileStat Stat() => new() { Type = EntryType.File, Size = size };

    public ExtendedAttributes ReadAttributes() => ExtendedAttributes.None;

    public int Read(long position, Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, size - position);
        if (wanted <= 0)
            return 0;
        for (var attempt = 1; ; attempt++)
            try
            {
                var bytes = ReadAsync(position, wanted).GetAwaiter().GetResult();
                bytes.CopyTo(buffer);
                return bytes.Length;
            }
            catch (Exception e) when (attempt < Attempts && LibraryClient.IsTransient(e, CancellationToken.None))
            {
                // Asked for again.
            }
    }

    public (long Start, long End)? NextData(long position, long end) => position >= end ? null : (position, end);

    public void Advise(ReadAdvice advice)
    {
    }

    public void Dispose()
    {
    }

    private async Task<byte[]> ReadAsync(long position, int wanted)
    {
        using var answer = await client.SendAsync(Request, CancellationToken.None);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (client.Down is { } pace)
            await pace.TakeAsync(bytes.Length, CancellationToken.None);
        // Invariant: a short range is an error, never the end of the file.
        return bytes.Length == wanted ? bytes : throw new IOException($"{client.Address} gave {bytes.Length} bytes of {wanted}.");

        HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Range = new RangeHeaderValue(position, position + wanted - 1);
            return request;
        }
    }
}
