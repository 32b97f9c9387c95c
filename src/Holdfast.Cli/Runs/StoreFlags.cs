using System.CommandLine;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>The keys of <c>store</c> as flags: <c>--store-region</c> and so on, one for every key of the config.</summary>
internal static class StoreFlags
{
    private static readonly (ConfigKey Key, Option<string?> Option)[] Flags = [.. TypedStore.Keys.Select(key => (key, Make(key)))];

    public static IEnumerable<Option> All => Flags.Select(f => f.Option);

    /// <summary>What the flags say; null when none is given.</summary>
    /// <exception cref="HoldfastException">A value means nothing.</exception>
    public static StoreOptions? Of(ParseResult parse, ConfigEnvironment environment)
    {
        StoreOptions? store = null;
        foreach (var (key, option) in Flags)
            if (parse.GetValue(option) is { } text)
                store = FlagValue.Read(option, () => TypedStore.Set(store ?? new StoreOptions(), key, text, environment));
        return store;
    }

    private static Option<string?> Make(ConfigKey key) => new("--store-" + key.Name.Replace('_', '-'))
    {
        Description = "Stores: " + Sentence(key.Description),
        HelpName = ValueName(key.Form),
    };

    // In a table of flags a sentence has no full stop and no code marks.
    private static string Sentence(string description) => description.TrimEnd('.').Replace("`", "", StringComparison.Ordinal);

    private static string ValueName(string form) => form switch
    {
        "a path" => "FILE",
        "true or false" => "true|false",
        "a whole number from 1" => "N",
        "a size, or a timetable" => "RATE",
        _ => "NAME",
    };
}
