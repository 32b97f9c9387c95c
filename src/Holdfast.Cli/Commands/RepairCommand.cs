using System.CommandLine;
using Holdfast.Cli.Places;
using Holdfast.Cli.Repairing;
using Holdfast.Cli.Runs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast repair</c>: makes what is known of a place anew from what the place holds.</summary>
internal static class RepairCommand
{
    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var verb = new Verb("repair", "Make what is known of a place anew from what it holds, and say what is missing")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Incomplete, ExitCode.NoPlace, ExitCode.Locked, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast repair etc", "holdfast repair volumes:/mnt/archive --gpg-passphrase-file ~/volumes.pass"],
        };
        verb.Add(place);
        verb.Add(ReadingOptions.PassphraseFile);
        verb.Add(RunFlags.Wait);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            var code = ExitCode.Done;
            foreach (var target in TargetChoice.Targets(session, parse.GetRequiredValue(place)))
            {
                if (target is not IRecordRepair repair)
                    throw new HoldfastException(ErrorKind.Usage, $"{target.Name} needs no repair: it keeps its truth in itself.", "'holdfast check' names what is wrong with it.");
                code = ExitCode.Worse(code, await RecordRepair.RunAsync(session, target, repair, RunFlags.WaitTime(parse), cancellationToken));
            }
            return code;
        });
    }
}
