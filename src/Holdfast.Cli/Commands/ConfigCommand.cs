namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast config</c>: what the config says.</summary>
internal static class ConfigCommand
{
    public static Verb Create()
    {
        var verb = new Verb("config", "Show, check and explain the config");
        verb.Add(ConfigShowCommand.Create());
        verb.Add(ConfigCheckCommand.Create());
        verb.Add(ConfigSchemaCommand.Create());
        verb.Add(ConfigExplainCommand.Create());
        return verb;
    }
}
