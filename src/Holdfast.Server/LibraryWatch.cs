using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Scanning;

namespace Holdfast.Server;

/// <summary>
/// Scans the library when people changed something in it, some seconds after they rested. Where the system cannot watch
/// (network file systems, too many folders) it scans now and then all the same, so watching only makes it sooner.
/// </summary>
internal sealed class LibraryWatch : IAsyncDisposable
{
    private const int MostPaths = 10_000;

    private readonly string _path;
    private readonly LibraryFolder _library;
    private readonly TimeProvider _time;
    private readonly WatchTimes _times;
    private readonly Action<string> _onProblem;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<EntryPath> _touched = [];
    private readonly Task _work;
    private FileSystemWatcher? _watcher;
    private bool _lostCount;
    private string? _lastProblem;

    /// <param name="path">The library's folder.</param>
    /// <param name="library">The library.</param>
    /// <param name="times">How long it waits.</param>
    /// <param name="onProblem">Is told why a scan stopped, once a reason.</param>
    /// <param name="time">The clock.</param>
    public LibraryWatch(string path, LibraryFolder library, WatchTimes times, Action<string> onProblem, TimeProvider time)
    {
        _path = path;
        _library = library;
        _times = times;
        _onProblem = onProblem;
        _time = time;
        Watch();
        _work = Task.Run(WorkAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _watcher?.Dispose();
        await _work;
        _stop.Dispose();
    }

    private void Watch()
    {
        try
        {
            _watcher = new FileSystemWatcher(_path)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            _watcher.Created += (_, e) => Touched(e.Name);
            _watcher.Changed += (_, e) => Touched(e.Name);
            _watcher.Deleted += (_, e) => Touched(e.Name);
            _watcher.Renamed += (_, e) =>
            {
                Touched(e.OldName);
                Touched(e.Name);
            };
            _watcher.Error += (_, _) => Touched(name: null);
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            Report($"the library cannot be watched, so it is only scanned every {_times.Regularly.TotalMinutes:0} minutes: {e.Message}");
        }
    }

    /// <summary>Null when the system no longer knows which.</summary>
    private void Touched(string? name)
    {
        lock (_lock)
            if (name is null || _touched.Count >= MostPaths)
                _lostCount = true;
            else if (TryPath(name) is { IsRoot: false } path)
                _touched.Add(path);
    }

    private async Task WorkAsync()
    {
        var (last, took) = (_time.GetTimestamp(), TimeSpan.Zero);
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(_times.Quiet, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var waited = _time.GetElapsedTime(last);
            // A large library is not scanned all the time because one file in it is being written to.
            if (_stop.IsCancellationRequested || waited < took * 10)
                continue;
            if (waited < _times.Regularly && !IsChanged())
                continue;
            took = Scan();
            last = _time.GetTimestamp();
        }
    }

    /// <summary>Whether anything that was touched is not what the server itself stored there.</summary>
    private bool IsChanged()
    {
        List<EntryPath> touched;
        lock (_lock)
        {
            if (_lostCount)
            {
                _lostCount = false;
                _touched.Clear();
                return true;
            }
            touched = [.. _touched];
            _touched.Clear();
        }
        try
        {
            return touched.Exists(path => !_library.IsAsKnown(path));
        }
        catch (FileSystemException)
        {
            return true; // The scan says what is wrong.
        }
    }

    private TimeSpan Scan()
    {
        var started = _time.GetTimestamp();
        try
        {
            var report = _library.Scan(new ScanOptions { Rest = _times.Quiet }, _stop.Token);
            if (report.Busy > 0)
                Touched(name: null);
            if (report.Unreadable is [var (path, reason), ..])
                Report($"'{path}': {reason}");
            else
                _lastProblem = null;
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        catch (Exception e) when (e is HoldfastException or FileSystemException)
        {
            Report(e.Message);
        }
        return _time.GetElapsedTime(started);
    }

    private void Report(string problem)
    {
        if (problem != _lastProblem)
            _onProblem(problem);
        _lastProblem = problem;
    }

    private static EntryPath? TryPath(string name)
    {
        try
        {
            return EntryPath.From(Encoding.UTF8.GetBytes(name));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>How long a watch waits.</summary>
/// <param name="Quiet">People have rested when they did nothing for so long.</param>
/// <param name="Regularly">A scan comes after this time at the latest, whatever was seen.</param>
public sealed record WatchTimes(TimeSpan Quiet, TimeSpan Regularly)
{
    /// <summary>For people who sort pictures.</summary>
    public static WatchTimes Usual { get; } = new(TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(30));
}
