namespace Holdfast.Core.Targets;

/// <summary>A target whose place keeps the reports of its runs, for people and for other clients.</summary>
public interface IReportKeeper
{
    /// <summary>Writes a report into the place, durably and in one step.</summary>
    /// <param name="name">File name without its ending: the snapshot's id.</param>
    /// <param name="report">UTF-8 JSON.</param>
    /// <exception cref="FileSystem.FileSystemException">The place cannot be written to.</exception>
    void KeepReport(string name, ReadOnlySpan<byte> report);
}
