namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of <c>store</c> where they are typed one by one: names, meanings and values are those of the config.</summary>
public static class TypedStore
{
    /// <summary>All keys, in the order they are shown.</summary>
    public static IReadOnlyList<ConfigKey> Keys => StoreKeys.Section.Keys;

    /// <summary>Puts a typed value on top of the others.</summary>
    /// <param name="into">What was said so far.</param>
    /// <param name="key">One of <see cref="Keys"/>.</param>
    /// <param name="text">The value as a config would hold it; a path is relative to the working folder.</param>
    /// <param name="environment">Home, variables, working folder.</param>
    /// <exception cref="FormatException">It is none; says what to write instead.</exception>
    public static StoreOptions Set(StoreOptions into, ConfigKey key, string text, ConfigEnvironment environment)
    {
        var reading = new ConfigReading { File = "", Folder = environment.WorkingFolder, Environment = environment, IsTyped = true };
        var value = ((ConfigKey<StoreOptions>)key).Read(new ConfigScalar(0, text, Plain: false), reading, into);
        return reading.Problems is [var problem, ..] ? throw new FormatException(problem.Text) : value;
    }
}
