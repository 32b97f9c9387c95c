using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>A notice that did not arrive one way.</summary>
/// <param name="Channel">The way, by its key in the config.</param>
/// <param name="Notice">What is to be told, and to whom of its readers.</param>
/// <param name="Tries">How often it was tried from here.</param>
/// <param name="Next">When it is tried again.</param>
/// <param name="IsUntold">True when it was left here without a try, so that whoever had it to tell need not wait.</param>
public sealed record QueuedNotice(string Channel, Notice Notice, int Tries, DateTimeOffset Next, bool IsUntold = false);

/// <summary>
/// Notices that did not arrive, a file each in <c>notices/</c> of the state folder, so that they outlive the process: the next
/// run and the daemon try them again. After a week they are given up.
/// </summary>
/// <param name="stateFolder">The client's state folder.</param>
public sealed class NoticeQueue(string stateFolder)
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(5), Longest = TimeSpan.FromHours(6), Kept = TimeSpan.FromDays(7);
    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };
    private readonly string _folder = Path.Combine(stateFolder, "notices");

    /// <summary>Keeps what did not arrive, for later tries.</summary>
    /// <exception cref="IOException">It cannot be written down.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Add(string channel, Notice rest, DateTimeOffset now) => Write(new QueuedNotice(channel, rest, 0, now + First));

    /// <summary>Leaves a notice to whoever looks next: it is due at once.</summary>
    /// <exception cref="IOException">It cannot be written down.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Leave(string channel, Notice notice, DateTimeOffset now) => Write(new QueuedNotice(channel, notice, 0, now, IsUntold: true));

    /// <summary>The ways by which something waits to be told.</summary>
    public IReadOnlyList<string> Channels => [.. Files("*").Select(f => Path.GetFileNameWithoutExtension(f)).Select(f => f[(f.LastIndexOf('-') + 1)..]).Distinct(StringComparer.Ordinal)];

    /// <summary>Tries what is due one way. Only one process does at a time: another one's tries are left to it.</summary>
    /// <param name="channel">The way.</param>
    /// <param name="all">True to try everything, due or not.</param>
    /// <param name="now">The present.</param>
    /// <param name="send">Tries one.</param>
    /// <returns>What was tried and still did not arrive, and what was given up.</returns>
    public async Task<IReadOnlyList<string>> RetryAsync(string channel, bool all, DateTimeOffset now, Func<QueuedNotice, Task<Told>> send)
    {
        if (TryLock(channel) is not { } alone)
            return [];
        var said = new List<string>();
        using (alone)
            foreach (var file in Files(channel).ToList())
                if (Read(file) is not { } queued)
                    File.Delete(file); // Half written by a machine that lost its power.
                else if (all || queued.Next <= now || queued.Next > now + Longest) // A clock that was set back must not keep it.
                    Settle(file, queued, await send(queued).ConfigureAwait(false), now, said);
        return said;
    }

    private void Settle(string file, QueuedNotice queued, Told told, DateTimeOffset now, List<string> said)
    {
        if (told.Failure is { } failure)
            said.Add(told.Rest is null || now - queued.Notice.Time > Kept
                ? $"the notice '{queued.Notice.Subject}' by {queued.Channel} was given up: {failure}"
                : $"the notice '{queued.Notice.Subject}' by {queued.Channel} {(queued.IsUntold ? "" : "still ")}did not arrive: {failure}");
        if (told is { Failure: not null, Rest: { } rest } && now - queued.Notice.Time <= Kept)
            Write(queued with { Notice = rest, IsUntold = false, Tries = queued.Tries + 1, Next = now + Later(queued.Tries + 1) });
        else
            File.Delete(file);
    }

    private static TimeSpan Later(int tries) => tries >= 7 ? Longest : First * Math.Pow(2, tries) is var pause && pause < Longest ? pause : Longest;

    // A notice holds what a report holds: names of files. Nobody else reads it.
    private void Write(QueuedNotice queued)
    {
        Directory.CreateDirectory(_folder);
        var file = Path.Combine(_folder, $"{queued.Notice.Id}-{queued.Channel}.json");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(file + ".tmp", options))
            JsonSerializer.Serialize(stream, queued, Form);
        File.Move(file + ".tmp", file, overwrite: true);
    }

    private static QueuedNotice? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<QueuedNotice>(File.ReadAllBytes(file), Form);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private IEnumerable<string> Files(string channel) => Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, $"*-{channel}.json").Order(StringComparer.Ordinal) : [];

    private FileStream? TryLock(string channel)
    {
        try
        {
            return new FileStream(Path.Combine(_folder, channel + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
