using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Verifying;

namespace Holdfast.Server;

/// <summary>Reads back in the background what came in, so that nobody has to wait for it when it matters.</summary>
internal sealed class LibraryReadBack : IAsyncDisposable
{
    private const int Page = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly LibraryFolder _library;
    private readonly TimeProvider _time;
    private readonly Action<string> _onProblem;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<ContentId> _damaged = [];
    private readonly Task _work;

    /// <param name="library">The library.</param>
    /// <param name="onProblem">Is told of a content that the disk does not give back, once.</param>
    /// <param name="time">The clock.</param>
    public LibraryReadBack(LibraryFolder library, Action<string> onProblem, TimeProvider time)
    {
        _library = library;
        _time = time;
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

    /// <summary>How many contents could be read back.</summary>
    private async Task<int> ReadPageAsync()
    {
        var read = 0;
        foreach (var content in _library.NotVerified(Page + _damaged.Count).Except(_damaged))
        {
            var result = await _library.VerifyAsync(content, _stop.Token);
            read += result == ReadBackResult.Right ? 1 : 0;
            if (result == ReadBackResult.Damaged && _damaged.Add(content))
                _onProblem($"the disk does not give back the contents {content} as they were sent; 'holdfast check' names the file");
        }
        return read;
    }
}
