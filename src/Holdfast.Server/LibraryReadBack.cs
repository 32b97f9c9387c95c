using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Verifying;

namespace Holdfast.Server;

/// <summary>Reads back in the background what came in, so that nobody has to wait for it when it matters.</summary>
internal sealed class LibraryReadBack : IAsyncDisposable
{
    private const int Page = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5), Breath = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromMinutes(1);

    private readonly LibraryFolder _library;
    private readonly TimeProvider _time;
    private readonly Action<string> _onProblem;
    private readonly Func<bool> _isBusy;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<ContentId> _damaged = [];
    private readonly Task _work;
    private ContentId? _after;
    private long _seen = -1;

    /// <param name="library">The library.</param>
    /// <param name="isBusy">Whether somebody uploads just now, or asks what is to be uploaded: reading waits for the end of it, a minute at most, so that nobody waits for the disk twice.</param>
    /// <param name="onProblem">Is told of a content that the disk does not give back, once.</param>
    /// <param name="time">The clock.</param>
    public LibraryReadBack(LibraryFolder library, Func<bool> isBusy, Action<string> onProblem, TimeProvider time)
    {
        _library = library;
        _time = time;
        _isBusy = isBusy;
        _onProblem = onProblem;
        _work = Task.Run(WorkAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await WaitForQuietAsync();
            try
            {
                if (await ReadPageAsync() > 0)
                    continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is FileSystemException or HoldfastException)
            {
                _onProblem($"what came in cannot be read back just now: {e.Message}");
            }
            await Task.Delay(Pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WaitForQuietAsync()
    {
        for (var waited = TimeSpan.Zero; waited < LongestWait && _isBusy() && !_stop.IsCancellationRequested; waited += Breath)
            await Task.Delay(Breath, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>More than none when there may be more to read at once.</summary>
    private async Task<int> ReadPageAsync()
    {
        // An idle server does not look through everything again and again.
        if (_after is null && _library.Arrivals == _seen)
            return 0;
        if (_after is null)
            _seen = _library.Arrivals;
        var before = _after;
        var page = _library.NotVerified(Page, _after);
        _after = page.Count < Page ? null : page[^1];
        var read = _after is null ? 0 : 1;
        var wasBusy = _isBusy();
        foreach (var content in page)
        {
            if (_damaged.Contains(content))
                continue;
            if (!wasBusy && _isBusy())
            {
                // Somebody came: the rest of the page is read when it is quiet again.
                (_after, _seen) = (before, -1);
                return 1;
            }
            var result = await _library.VerifyAsync(content, _stop.Token);
            read += result == ReadBackResult.Right ? 1 : 0;
            if (result == ReadBackResult.Missing)
                _seen = -1; // It was moved or is written to: once more, later.
            if (result == ReadBackResult.Damaged && _damaged.Add(content))
                _onProblem($"the disk does not give back the contents {content} as they were sent; 'holdfast check' names the file");
        }
        return read;
    }
}
