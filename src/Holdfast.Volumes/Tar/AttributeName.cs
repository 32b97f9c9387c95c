namespace Holdfast.Volumes.Tar;

/// <summary>
/// Names of extended attributes as pax keywords. A keyword ends at the first '=', so '=' and '%' become %3D and %25, as
/// GNU tar 1.32 and later have it.
/// </summary>
internal static class AttributeName
{
    public static byte[] Encode(ReadOnlySpan<byte> name)
    {
        if (!name.ContainsAny((byte)'=', (byte)'%'))
            return name.ToArray();
        var encoded = new List<byte>(name.Length + 8);
        foreach (var b in name)
            if (b == '=')
                encoded.AddRange("%3D"u8);
            else if (b == '%')
                encoded.AddRange("%25"u8);
            else
                encoded.Add(b);
        return [.. encoded];
    }

    public static byte[] Decode(ReadOnlySpan<byte> keyword)
    {
        if (!keyword.Contains((byte)'%'))
            return keyword.ToArray();
        var name = new List<byte>(keyword.Length);
        for (var i = 0; i < keyword.Length; i++)
            if (keyword[i..].StartsWith("%3D"u8) || keyword[i..].StartsWith("%25"u8))
            {
                name.Add(keyword[i + 1] == '3' ? (byte)'=' : (byte)'%');
                i += 2;
            }
            else
            {
                name.Add(keyword[i]);
            }
        return [.. name];
    }
}
