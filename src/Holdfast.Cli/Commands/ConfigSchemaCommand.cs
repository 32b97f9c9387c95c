using Holdfast.Cli.Output;
using Holdfast.Core.Jobs.Config;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast config schema</c>: the JSON Schema, for editors.</summary>
internal static class ConfigSchemaCommand
{
    public static Verb Create() =>
        new Verb("schema", "Print the JSON Schema of the config, for editors")
        {
            Examples = ["holdfast config schema > holdfast.schema.json"],
        }.Does((_, _, _) =>
        {
            StandardStreams.Text.Write(ConfigSchema.Text());
            return Task.FromResult(ExitCode.Done);
        });
}
