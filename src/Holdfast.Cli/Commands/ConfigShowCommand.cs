using Holdfast.Cli.Output;
using Holdfast.Core.Jobs.Config;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast config show</c>: the config as it is used.</summary>
internal static class ConfigShowCommand
{
    public static Verb Create() =>
        new Verb("show", "Print the config as it is used: defaults merged, paths absolute, secrets masked")
        {
            Examples = ["holdfast config show", "holdfast config show --json"],
        }.Does((session, _, _) =>
        {
            if (session.Json)
                StandardStreams.Text.WriteLine(ConfigPrinter.ToJson(session.Config).ToJsonString());
            else
                session.Text.Write(ConfigPrinter.ToYaml(session.Config));
            return Task.FromResult(ExitCode.Done);
        });
}
