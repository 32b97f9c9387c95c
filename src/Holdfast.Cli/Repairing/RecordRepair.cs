using Holdfast.Cli.Output;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Repairing;

/// <summary>Makes what is known of a place anew, and says what is missing.</summary>
internal static class RecordRepair
{
    /// <returns>The exit code: incomplete when something cannot be given back any more.</returns>
    public static async Task<int> RunAsync(Session session, IPlaceTarget target, IRecordRepair repair, TimeSpan wait, CancellationToken cancellationToken)
    {
        var result = await repair.RepairRecordAsync($"{session.Config.Client} repair", wait, cancellationToken);
        var printer = session.Printer(text => new RecordRepairText(text, target.Name), json => new RecordRepairJson(json, target.Name));
        printer.Print(result);
        printer.Finish();
        return result.Missing.Count > 0 ? ExitCode.Incomplete : ExitCode.Done;
    }
}
