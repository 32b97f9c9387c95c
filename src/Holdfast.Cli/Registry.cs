using Holdfast.Cli.Commands;

namespace Holdfast.Cli;

/// <summary>Every command, in the order help shows them.</summary>
internal static class Registry
{
    public static IEnumerable<Verb> Commands() =>
    [
        InitCommand.Create(),
        BackupCommand.Create(),
        SnapshotsCommand.Create(),
        LsCommand.Create(),
        CatCommand.Create(),
        RestoreCommand.Create(),
        FindCommand.Create(),
        DiffCommand.Create(),
        StatsCommand.Create(),
        CheckCommand.Create(),
        RepairCommand.Create(),
        ForgetCommand.Create(),
        LibraryCommand.Create(),
        PushCommand.Create(),
        ServeCommand.Create(),
        TokenCommand.Create(),
        StatusCommand.Create(),
        SafeCommand.Create(),
        DaemonCommand.Create(),
        ScheduleCommand.Create(),
        NotifyCommand.Create(),
        PackageCommand.Create(),
        ConfigCommand.Create(),
        CompletionCommand.Create(),
        ManualCommand.Create(),
    ];
}
