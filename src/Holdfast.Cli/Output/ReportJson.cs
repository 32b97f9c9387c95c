using Holdfast.Core.Engine;
using Holdfast.Core.Jobs.Reports;

namespace Holdfast.Cli.Output;

/// <summary>The report of a run, one object.</summary>
internal sealed class ReportJson(Stream output) : IPrinter<RunReport>
{
    public void Print(RunReport item)
    {
        output.Write(RunReportJson.ToUtf8(item, indented: false));
        output.WriteByte((byte)'\n');
    }

    public void Finish()
    {
    }
}
