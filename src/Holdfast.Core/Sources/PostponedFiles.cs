using Holdfast.Core.Model;

namespace Holdfast.Core.Sources;

/// <summary>
/// The files <c>min_age</c> left for a later run, and how many runs in a row did so. After three a file is taken as it is:
/// one that is written to all the time would never be saved otherwise. Kept in the state folder; without it counting begins anew.
/// </summary>
/// <remarks>Both lists are in path order, as a scan is, so that memory does not grow with them.</remarks>
public sealed class PostponedFiles : IDisposable
{
    /// <summary>Runs in a row that may leave out one file.</summary>
    public const int MostRunsInARow = 3;

    private readonly string _file;
    private readonly EntryReader? _before;
    private readonly EntryWriter _now;
    private (EntryPath Path, int Runs)? _next;
    private bool _kept;

    /// <summary>Opens what the last run left.</summary>
    /// <param name="file">In the state folder, one a job.</param>
    public PostponedFiles(string file)
    {
        _file = file;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (File.Exists(file))
            _before = new EntryReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0));
        _now = new EntryWriter(new FileStream(Temporary, FileMode.Create, FileAccess.Write, FileShare.None, 0));
        Advance();
    }

    private string Temporary => _file + ".tmp";

    /// <summary>True when a file that changed just now may be left for the next run; asked once a file, in path order.</summary>
    public bool MayPostpone(EntryPath path)
    {
        while (_next is { } earlier && earlier.Path.CompareTo(path) < 0)
            Advance();
        var runs = _next is { } same && same.Path == path ? same.Runs : 0;
        if (runs >= MostRunsInARow)
            return false;
        _now.WriteBytes(path.Bytes);
        _now.WriteNumber((ulong)runs + 1);
        return true;
    }

    /// <summary>Keeps what this run left for later. Without it, for a run that failed, nothing was counted.</summary>
    /// <returns>Why that could not be done, a sentence for a remark: what the run saved is saved all the same. Null when it was.</returns>
    public string? TryKeep()
    {
        try
        {
            _now.Dispose();
            File.Move(Temporary, _file, overwrite: true);
            _kept = true;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"which files min_age left for a later run is not kept in '{_file}', so they may be left once more: {e.Message}";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _before?.Dispose();
        if (_kept)
            return;
        try
        {
            _now.Dispose();
            File.Delete(Temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run writes over it.
        }
    }

    private void Advance()
    {
        _next = null;
        try
        {
            if (_before is { AtEnd: false })
                _next = (EntryPath.From(_before.ReadBytes()), (int)_before.ReadNumber());
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            // Cut off: what follows is counted anew.
        }
    }
}
