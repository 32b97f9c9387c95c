using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Holdfast.Core.Engine.Safe;
using Holdfast.Core.Model;

namespace Holdfast.Core.Jobs.Reports;

/// <summary>
/// What <c>safe --delete</c> deleted: a line of JSON a file in <c>deleted.jsonl</c> of the state folder, written right before
/// the file goes, with the copy it was deleted for. Places are only read by <c>safe</c>, so nothing is written into them.
/// </summary>
public sealed class DeletionLog : IDisposable
{
    private readonly FileStream _file;
    private readonly string _workingFolder;
    private readonly TimeProvider _time;

    private DeletionLog(FileStream file, string workingFolder, TimeProvider time)
    {
        _file = file;
        _workingFolder = workingFolder;
        _time = time;
    }

    /// <summary>Where it lies.</summary>
    public string FilePath => _file.Name;

    /// <param name="stateFolder">The client's state folder, which is there.</param>
    /// <param name="workingFolder">What relative paths are relative to.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="HoldfastException">It cannot be written to.</exception>
    public static DeletionLog Open(string stateFolder, string workingFolder, TimeProvider time)
    {
        try
        {
            return new DeletionLog(new FileStream(Path.Combine(stateFolder, "deleted.jsonl"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), workingFolder, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"what is deleted could not be written down: {e.Message}", "Nothing was deleted. --state DIR chooses another folder for it.", e);
        }
    }

    /// <summary>Writes down that a file is about to be deleted; a failure to delete it is a further line.</summary>
    /// <exception cref="HoldfastException">It could not be written.</exception>
    public void Write(FileVerdict verdict, string? failure)
    {
        var (file, copy) = (verdict.File!, verdict.Copies[0]);
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("time", _time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString(failure is null ? "deleting" : "left", PathText.Encode(Absolute(verdict.Item.Shown)));
            if (failure is not null)
                json.WriteString("because", failure);
            json.WriteNumber("size", file.Stat.Size);
            json.WriteString("sha256", file.Content.ToString());
            json.WriteString("place", copy.Place.Name);
            json.WriteString("copy", copy.Where);
            json.WriteString("snapshot", copy.Copy.Snapshots[^1].Id);
            json.WriteEndObject();
        }
        line.WriteByte((byte)'\n');
        try
        {
            _file.Write(line.ToArray());
        }
        catch (IOException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"what is deleted could not be written down: {e.Message}", inner: e);
        }
    }

    private byte[] Absolute(byte[] shown) => shown is [(byte)'/', ..] ? shown : [.. Encoding.UTF8.GetBytes(_workingFolder), (byte)'/', .. shown];

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _file.Flush(flushToDisk: true);
        }
        finally
        {
            _file.Dispose();
        }
    }
}
