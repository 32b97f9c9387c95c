namespace Holdfast.Core.FileSystem;

/// <summary>The names in one folder, sorted by bytes.</summary>
public sealed class FolderListing
{
    private readonly byte[] _buffer;
    private readonly NameRange[] _names;

    /// <summary>Sorts the names, which lie NUL-terminated in one buffer.</summary>
    internal FolderListing(byte[] buffer, List<NameRange> names)
    {
        _buffer = buffer;
        _names = [.. names];
        Array.Sort(_names, (a, b) => buffer.AsSpan(a.Start, a.Length).SequenceCompareTo(buffer.AsSpan(b.Start, b.Length)));
    }

    /// <summary>Makes a listing of names in any order.</summary>
    public static FolderListing Of(IEnumerable<byte[]> names)
    {
        var buffer = new MemoryStream();
        var places = new List<NameRange>();
        foreach (var name in names)
        {
            places.Add(new NameRange((int)buffer.Position, name.Length));
            buffer.Write(name);
            buffer.WriteByte(0);
        }
        return new FolderListing(buffer.ToArray(), places);
    }

    /// <summary>How many names.</summary>
    public int Count => _names.Length;

    /// <summary>One name.</summary>
    public ReadOnlySpan<byte> this[int index] => _buffer.AsSpan(_names[index].Start, _names[index].Length);

    /// <summary>One name with the NUL that ends it, as system calls take it.</summary>
    public ReadOnlySpan<byte> NulTerminated(int index) => _buffer.AsSpan(_names[index].Start, _names[index].Length + 1);

    /// <summary>True when the folder holds the name.</summary>
    public bool Contains(ReadOnlySpan<byte> name)
    {
        int low = 0, high = _names.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = this[middle].SequenceCompareTo(name);
            if (order == 0)
                return true;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return false;
    }
}

/// <summary>Where a name lies in the buffer of a listing. A type of its own: code for lists of it is compiled ahead.</summary>
internal readonly record struct NameRange(int Start, int Length);
