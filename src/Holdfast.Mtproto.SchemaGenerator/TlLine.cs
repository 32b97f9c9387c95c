using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Holdfast.Mtproto.SchemaGenerator;

/// <summary>One argument of a line: <c>name:flags.3?Vector&lt;Type&gt;</c>.</summary>
internal sealed record TlArgument(string Name, string Type, string? FlagsName, int Bit, VectorKind Vector)
{
    public bool IsFlags => Type == "#";
    public bool IsTrue => Type == "true";
    public bool IsOptional => FlagsName is not null;

    public static TlArgument Parse(string text)
    {
        var colon = text.IndexOf(':');
        var name = text.Substring(0, colon);
        var type = text.Substring(colon + 1);
        string? flags = null;
        var bit = 0;
        var question = type.IndexOf('?');
        if (question >= 0)
        {
            var dot = type.IndexOf('.');
            flags = type.Substring(0, dot);
            bit = int.Parse(type.Substring(dot + 1, question - dot - 1), CultureInfo.InvariantCulture);
            type = type.Substring(question + 1);
        }
        var (element, vector) = VectorOf(type);
        return new TlArgument(name, element, flags, bit, vector);
    }

    public static (string Element, VectorKind Kind) VectorOf(string type)
    {
        if (type.StartsWith("Vector<", StringComparison.Ordinal)) return (Inside(type), VectorKind.Boxed);
        if (type.StartsWith("vector<", StringComparison.Ordinal)) return (Inside(type).TrimStart('%'), VectorKind.Bare);
        return (type, VectorKind.None);
    }

    private static string Inside(string type) => type.Substring(7, type.Length - 8);
}

internal enum VectorKind
{
    None,
    /// <summary>Written with the constructor id of a vector.</summary>
    Boxed,
    /// <summary>A count and bare elements.</summary>
    Bare,
}

/// <summary>A constructor or method: <c>name#id arguments = Type;</c></summary>
internal sealed record TlLine(string Name, uint Id, IReadOnlyList<TlArgument> Arguments, string Type, bool IsMethod, string Text)
{
    public string ClassName => Naming.Pascal(Name);

    public static IEnumerable<TlLine> ParseAll(string text)
    {
        var methods = false;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line == "---functions---") methods = true;
            else if (line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)) yield return Parse(line, methods);
        }
    }

    private static TlLine Parse(string line, bool isMethod)
    {
        var words = line.TrimEnd(';').Split(' ');
        var equals = Array.IndexOf(words, "=");
        var hash = words[0].IndexOf('#');
        var id = uint.Parse(words[0].Substring(hash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var arguments = words.Skip(1).Take(equals - 1).Select(TlArgument.Parse).ToList();
        return new TlLine(words[0].Substring(0, hash), id, arguments, words[equals + 1], isMethod, line);
    }
}
