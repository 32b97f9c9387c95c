namespace Holdfast.Core.Model;

/// <summary>The extended attributes of one entry, sorted by the bytes of their names. POSIX ACLs are <c>system.posix_acl_*</c> among them.</summary>
public sealed class ExtendedAttributes : IEquatable<ExtendedAttributes>
{
    private readonly ExtendedAttribute[] _sorted;

    private ExtendedAttributes(ExtendedAttribute[] sorted) => _sorted = sorted;

    /// <summary>No attribute.</summary>
    public static ExtendedAttributes None { get; } = new([]);

    /// <summary>Sorts and keeps the attributes.</summary>
    public static ExtendedAttributes From(IEnumerable<ExtendedAttribute> attributes)
    {
        var sorted = attributes.ToArray();
        if (sorted.Length == 0)
            return None;
        Array.Sort(sorted, (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        return new ExtendedAttributes(sorted);
    }

    /// <summary>How many.</summary>
    public int Count => _sorted.Length;

    /// <summary>The attributes, sorted by name.</summary>
    public ReadOnlySpan<ExtendedAttribute> Items => _sorted;

    /// <inheritdoc/>
    public bool Equals(ExtendedAttributes? other)
    {
        if (other is null || other._sorted.Length != _sorted.Length)
            return false;
        for (var i = 0; i < _sorted.Length; i++)
            if (!_sorted[i].Name.AsSpan().SequenceEqual(other._sorted[i].Name) || !_sorted[i].Value.AsSpan().SequenceEqual(other._sorted[i].Value))
                return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ExtendedAttributes);

    /// <inheritdoc/>
    public override int GetHashCode() => _sorted.Length;
}
