using System.Diagnostics;
using System.Text;
using Holdfast.Core.Model;

namespace Holdfast.Volumes.Codec.Children;

/// <summary>
/// A running program whose input and output are pipes. Somebody who waits for it says so by <see cref="Waiting"/>; when it
/// makes no progress for longer than the patience allows, it is killed, and all who wait get an error.
/// </summary>
internal sealed class Child : IDisposable
{
    private const int MostComplaints = 64 * 1024;

    // 128 and the signal.
    private const int Signals = 128, Interrupted = Signals + 2, Terminated = Signals + 15;

    // The system's words (LC_ALL=C) for what is no fault of the bytes.
    private static readonly string[] NoRoom = ["No space left on device", "Cannot allocate memory", "out of memory", "Memory usage limit"];

    private readonly ChildCommand _command;
    private readonly Process _process;
    private readonly TimeSpan _patience;
    private readonly Timer _watch;
    private readonly CancellationToken _interruption;
    private readonly CancellationTokenRegistration _onInterruption;
    private readonly Task _complaining;
    private readonly StringBuilder _complaints = new();
    private readonly DirectoryInfo? _scratch;
    private long _lastProgress = Environment.TickCount64;
    private int _waiting, _elsewhere;
    private volatile bool _hung;

    private Child(ChildCommand command, Process process, TimeSpan patience, DirectoryInfo? scratch, CancellationToken interruption)
    {
        (_command, _process, _patience, _scratch, _interruption) = (command, process, patience, scratch, interruption);
        _complaining = Task.Factory.StartNew(ReadComplaints, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var step = TimeSpan.FromMilliseconds(Math.Clamp(patience.TotalMilliseconds / 4, 10, 5000));
        _watch = new Timer(_ => Watch(), null, step, step);
        _onInterruption = interruption.Register(KillNow);
    }

    /// <summary>What the program is given.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What it gives back.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <param name="command">What is run.</param>
    /// <param name="patience">How long it may make no progress while somebody waits for it.</param>
    /// <param name="interruption">Ends it at once; whoever waits for it gets an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="HoldfastException">The program is not installed.</exception>
    public static Child Start(ChildCommand command, TimeSpan patience, CancellationToken interruption)
    {
        var scratch = command.Arguments.Contains(ChildCommand.ScratchFolder, StringComparer.Ordinal) ? Directory.CreateTempSubdirectory("holdfast-") : null;
        var start = new ProcessStartInfo(command.Program, command.Arguments.Select(a => a == ChildCommand.ScratchFolder ? scratch!.FullName : a))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Its words are looked at.
        start.Environment["LC_ALL"] = "C";
        try
        {
            return new Child(command, Process.Start(start)!, patience, scratch, interruption);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            scratch?.Delete(recursive: true);
            throw new ProgramException($"'{command.Program}' cannot be run: {e.Message}.", "Install it (Debian: gnupg, xz-utils).", e);
        }
    }

    /// <summary>Does something that waits for the program.</summary>
    public T Waiting<T>(Func<T> wait)
    {
        MadeProgress();
        Interlocked.Increment(ref _waiting);
        try
        {
            return wait();
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Does something with what the program gave; however long that takes, the program is not to blame.</summary>
    public void Elsewhere(Action work)
    {
        Interlocked.Increment(ref _elsewhere);
        try
        {
            work();
        }
        finally
        {
            MadeProgress();
            Interlocked.Decrement(ref _elsewhere);
        }
    }

    /// <summary>Bytes went in or came out.</summary>
    public void MadeProgress() => Volatile.Write(ref _lastProgress, Environment.TickCount64);

    /// <summary>Waits for its end after its output ended; an error unless it ended well.</summary>
    public void RequireGoodEnd()
    {
        Waiting(() =>
        {
            _process.WaitForExit();
            return true;
        });
        if (_process.ExitCode != 0 || _hung)
            throw Failure();
    }

    /// <summary>What went wrong, once it ended or is to be ended.</summary>
    public Exception Failure()
    {
        Kill();
        _complaining.Wait(TimeSpan.FromSeconds(5));
        if (WasInterrupted())
            return new OperationCanceledException(_interruption);
        if (_hung)
            return new ProgramException($"'{_command.Program}' hung: it took and gave nothing for {_patience.TotalSeconds:0} s, and was ended.", "Nothing was recorded. Run again; if it hangs again, try the program by itself.");
        lock (_complaints)
            return Explained(_process.ExitCode, _complaints.ToString());
    }

    private Exception Explained(int code, string complaints)
    {
        var explained = _command.Explain(code, complaints);
        return code > Signals || NoRoom.Any(w => complaints.Contains(w, StringComparison.Ordinal))
            ? new ProgramException(explained.Message.Split('\n')[0], "See why the program could not go on (memory, room in the folder for temporary files), and try again.", explained)
            : explained;
    }

    /// <summary>Ends the program, however far it is.</summary>
    public void Dispose()
    {
        Kill();
        _onInterruption.Dispose();
        _watch.Dispose();
        _process.Dispose();
        _scratch?.Delete(recursive: true);
    }

    private void Kill()
    {
        if (_process.HasExited)
            return;
        // Asked to end first, so that exit codes of programs about to end by themselves are not lost.
        if (!_process.WaitForExit(_hung ? 0 : 200))
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    private void Watch()
    {
        if (Volatile.Read(ref _waiting) == 0 || Volatile.Read(ref _elsewhere) > 0 || Environment.TickCount64 - Volatile.Read(ref _lastProgress) < _patience.TotalMilliseconds)
            return;
        _hung = !_process.HasExited;
        KillNow();
    }

    /// <summary>Ctrl-C in a terminal reaches the program too, maybe before it reaches us.</summary>
    private bool WasInterrupted() =>
        _interruption.IsCancellationRequested
        || (_interruption.CanBeCanceled && _process.ExitCode is Interrupted or Terminated && _interruption.WaitHandle.WaitOne(TimeSpan.FromSeconds(1)));

    private void KillNow()
    {
        try
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It ended by itself just now.
        }
    }

    private void ReadComplaints()
    {
        var buffer = new char[4096];
        try
        {
            for (int got; (got = _process.StandardError.Read(buffer)) > 0;)
                lock (_complaints)
                    if (_complaints.Length < MostComplaints)
                        _complaints.Append(buffer, 0, got);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It was ended.
        }
    }
}
