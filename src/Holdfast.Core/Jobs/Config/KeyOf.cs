namespace Holdfast.Core.Jobs.Config;

/// <summary>Makes the keys of blocks that become a <typeparamref name="T"/>.</summary>
internal static class KeyOf<T>
{
    /// <summary>A key of a value type.</summary>
    public static ConfigKey<T> Key<V>(
        string name, ValueForm<V> form, Func<T, V?> get, Func<T, V, T> set, string description, string example, string? byDefault = null, params TargetKind[] only)
        where V : struct =>
        new ConfigKey<T, V>(form, set, from => get(from) is { } value ? form.Show(value) : null)
        { Name = name, Description = description, Example = example, Default = byDefault, For = only };

    /// <summary>A key of a reference type.</summary>
    public static ConfigKey<T> Key<V>(
        string name, ValueForm<V> form, Func<T, V?> get, Func<T, V, T> set, string description, string example, string? byDefault = null, params TargetKind[] only)
        where V : class =>
        new ConfigKey<T, V>(form, set, from => get(from) is { } value && value is not System.Collections.ICollection { Count: 0 } ? form.Show(value) : null)
        { Name = name, Description = description, Example = example, Default = byDefault, For = only };
}
