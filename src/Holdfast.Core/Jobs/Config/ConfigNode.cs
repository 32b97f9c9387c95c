namespace Holdfast.Core.Jobs.Config;

/// <summary>A piece of a config file and the line it begins on.</summary>
internal abstract record ConfigNode(int Line)
{
    /// <summary>For messages: what it is.</summary>
    public abstract string What { get; }
}

/// <summary>A single value. <paramref name="Plain"/> when it stands without quotes.</summary>
internal sealed record ConfigScalar(int Line, string Text, bool Plain) : ConfigNode(Line)
{
    public override string What => IsEmpty ? "nothing" : $"'{Text}'";

    /// <summary>True for a key with nothing behind it, or an explicit null. YAML's other null, ~, is the home folder here.</summary>
    public bool IsEmpty => Plain && Text is ("" or "null" or "Null" or "NULL");
}

/// <summary>Values one after the other.</summary>
internal sealed record ConfigList(int Line, IReadOnlyList<ConfigNode> Items) : ConfigNode(Line)
{
    public override string What => "a list";
}

/// <summary>Keys with values, in the order they were written, doubles included.</summary>
internal sealed record ConfigMap(int Line, IReadOnlyList<ConfigEntry> Entries) : ConfigNode(Line)
{
    public override string What => "a block of keys";
}

/// <summary>A key and its value.</summary>
internal sealed record ConfigEntry(int Line, string Name, ConfigNode Value);
