using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Http;

/// <summary>
/// Has a server read a share of its files from the disk and hashes here what it gives. The server knows what it read back and
/// when; who asks from elsewhere does not believe it, and takes files at random.
/// </summary>
internal sealed class HttpReadBack(HttpLibrary library, Random random)
{
    /// <summary>Runs it.</summary>
    public async Task RunAsync(VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken)
    {
        var start = options.Time.GetTimestamp();
        var seen = new HashSet<ContentId>();
        EntryPath? last = null;
        do
        {
            (var page, last) = await library.FilesAsync(EntryPath.Root, last, cancellationToken);
            foreach (var file in page.Where(f => f is { Type: EntryType.File, Size: > 0, Content: not null } && random.NextDouble() < options.Share && seen.Add(f.Content.Value)))
            {
                if (options.Time.GetElapsedTime(start) >= options.MaxTime)
                    return;
                counters.Files++;
                counters.Begin(file.Path);
                if (await ProblemAsync(file, counters, cancellationToken) is { } problem)
                {
                    counters.Find();
                    found(new CheckFinding(file.Path.ToString(), problem, "'holdfast library scan' and 'holdfast check' on the server say more."));
                }
                counters.Done();
            }
        }
        while (last is not null);
    }

    private async Task<string?> ProblemAsync(Entry file, VerifyCounters counters, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = library.OpenFresh(file.Content!.Value, file.Size);
            using var reading = new ContentReading(counters.Read);
            return await reading.ReadAsync(reader, file.Size, sparse: false, take: null, cancellationToken) == file.Content ? null : "the server gives other bytes than were stored";
        }
        catch (Exception e) when (e is HoldfastException or IOException or HttpRequestException)
        {
            return $"the server does not give it back: {e.Message}";
        }
    }
}
