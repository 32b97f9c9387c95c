using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>What a check found, one object each, and one for the whole.</summary>
internal sealed class FindingJson(Stream output, ISnapshots place, VerifyCounters? read) : IPrinter<CheckFinding>
{
    private int _findings;

    public void Print(CheckFinding item)
    {
        _findings++;
        JsonLine.Write(output, json =>
        {
            json.WriteString("type", "finding");
            json.WriteString("path", item.Path);
            json.WriteString("problem", item.Problem);
            json.WriteString("advice", item.Advice);
        });
    }

    public void Finish() => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "check");
        json.WriteString("target", place.Name);
        json.WriteNumber("snapshots", place.Snapshots.Count);
        json.WriteNumber("findings", _findings);
        if (read is null)
            return;
        json.WriteNumber("files_read", read.FilesDone);
        json.WriteNumber("bytes_read", read.BytesDone);
    });
}
