using System.Text.Json;

namespace Holdfast.Core.Jobs.Scheduling;

/// <summary>What a daemon leaves for the next one and for <c>status</c>: <c>daemon.json</c> in the state folder. Lost, every job begins its schedule anew.</summary>
public sealed record DaemonState
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>When the daemon began.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Nothing is begun before this; null when nothing is paused.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>When the last digest was sent; null for never.</summary>
    public DateTimeOffset? Digested { get; init; }

    /// <summary>By the job's name.</summary>
    public IReadOnlyDictionary<string, JobHistory> Jobs { get; init; } = new Dictionary<string, JobHistory>(StringComparer.Ordinal);

    /// <summary>True when a daemon is at work with this state folder.</summary>
    public static bool IsAlive(string stateFolder)
    {
        if (!File.Exists(LockFile(stateFolder)))
            return false;
        try
        {
            Lock(stateFolder).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Keeps every other daemon away until it is disposed of, or the process ends.</summary>
    /// <exception cref="IOException">One is at work.</exception>
    public static IDisposable Lock(string stateFolder) => new FileStream(LockFile(stateFolder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Reads it; an empty one when there is none that can be read.</summary>
    public static DaemonState Read(string stateFolder)
    {
        try
        {
            return JsonSerializer.Deserialize<DaemonState>(File.ReadAllBytes(FileOf(stateFolder)), Form) ?? new DaemonState();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return new DaemonState();
        }
    }

    /// <summary>Until when <c>daemon --pause</c> said that nothing begins.</summary>
    public static DateTimeOffset? ReadPause(string stateFolder)
    {
        try
        {
            return DateTimeOffset.Parse(File.ReadAllText(PauseFile(stateFolder)), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Writes a pause down; null ends it.</summary>
    public static void WritePause(string stateFolder, DateTimeOffset? until)
    {
        if (until is { } time)
            Replace(PauseFile(stateFolder), System.Text.Encoding.UTF8.GetBytes(time.ToString("O", System.Globalization.CultureInfo.InvariantCulture)));
        else
            File.Delete(PauseFile(stateFolder));
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string stateFolder) => Replace(FileOf(stateFolder), JsonSerializer.SerializeToUtf8Bytes(this, Form));

    private static void Replace(string file, byte[] bytes)
    {
        File.WriteAllBytes(file + ".tmp", bytes);
        File.Move(file + ".tmp", file, overwrite: true);
    }

    private static string FileOf(string stateFolder) => Path.Combine(stateFolder, "daemon.json");

    private static string LockFile(string stateFolder) => Path.Combine(stateFolder, "daemon.lock");

    private static string PauseFile(string stateFolder) => Path.Combine(stateFolder, "daemon.pause");
}
