using System;
using System.Collections.Generic;
using System.Linq;

namespace Holdfast.Mtproto.SchemaGenerator;

/// <summary>All lines of one file, and how its types look in C#.</summary>
internal sealed class Schema
{
    private readonly Dictionary<string, string> _classes;

    public Schema(string text, string @namespace)
    {
        Namespace = @namespace;
        var lines = TlLine.ParseAll(text).ToList();
        Types = lines.Where(l => !l.IsMethod).GroupBy(l => l.Type).ToDictionary(g => g.Key, g => (IReadOnlyList<TlLine>)g.ToList());
        Methods = lines.Where(l => l.IsMethod).ToList();
        var taken = new HashSet<string>(lines.Select(l => l.ClassName));
        _classes = Types.ToDictionary(t => t.Key, t => t.Value.Count == 1 ? t.Value[0].ClassName : Base(Naming.Pascal(t.Key), taken));
        foreach (var line in lines) Bare[line.Name] = line.ClassName;
    }

    public Dictionary<string, IReadOnlyList<TlLine>> Types { get; }
    public IReadOnlyList<TlLine> Methods { get; }
    public string Namespace { get; }
    private Dictionary<string, string> Bare { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private static string Base(string name, HashSet<string> taken) => taken.Contains(name) ? name + "Base" : name;

    /// <summary>A type with one constructor needs no base: the constructor stands for it.</summary>
    public bool HasBase(string type) => Types.TryGetValue(type, out var lines) && lines.Count > 1;

    public string ClassOf(string type) => _classes.TryGetValue(type, out var name) ? name : Bare[type];

    public string CSharp(string type) => type switch
    {
        "int" => "int",
        "long" => "long",
        "double" => "double",
        "string" => "string",
        "bytes" => "ReadOnlyMemory<byte>",
        "int128" => "Int128Bytes",
        "int256" => "Int256Bytes",
        "true" or "Bool" => "bool",
        _ => ClassOf(type),
    };

    public static bool IsValue(string type) => type is "int" or "long" or "double" or "bytes" or "int128" or "int256" or "Bool" or "true";

    public string CSharp(TlArgument a) => a.Vector == VectorKind.None ? CSharp(a.Type) : CSharp(a.Type) + "[]";

    public string Result(string type)
    {
        var (element, vector) = TlArgument.VectorOf(type);
        return vector == VectorKind.None ? CSharp(element) : CSharp(element) + "[]";
    }

    /// <summary>A reading expression for one value, without vectors.</summary>
    public string ReadOne(string type, bool bare = false) => type switch
    {
        "int" => "r.Int32()",
        "long" => "r.Int64()",
        "double" => "r.Double()",
        "string" => "r.String()",
        "bytes" => "r.Bytes()",
        "int128" => "r.Int128()",
        "int256" => "r.Int256()",
        "Bool" => "r.Bool()",
        // With its namespace: a property may bear the name of its type.
        _ => $"global::{Namespace}.{ClassOf(type)}" + (bare ? ".ReadBody(ref r)" : ".ReadFrom(ref r)"),
    };

    public string Read(string type, VectorKind vector) => vector switch
    {
        VectorKind.None => ReadOne(type),
        VectorKind.Boxed => $"r.Vector(static (ref TlReader r) => {ReadOne(type)})",
        _ => $"r.BareVector(static (ref TlReader r) => {ReadOne(type, bare: true)})",
    };

    public static string WriteOne(string type, string value, bool bare = false) => type switch
    {
        "int" => $"w.Int32({value})",
        "long" => $"w.Int64({value})",
        "double" => $"w.Double({value})",
        "string" => $"w.String({value})",
        "bytes" => $"w.Bytes({value}.Span)",
        "int128" => $"w.Raw({value}.AsSpan())",
        "int256" => $"w.Raw({value}.AsSpan())",
        "Bool" => $"w.Bool({value})",
        _ => bare ? $"{value}.WriteBody(w)" : $"{value}.WriteTo(w)",
    };

    public static string Write(string type, VectorKind vector, string value) => vector switch
    {
        VectorKind.None => WriteOne(type, value) + ";",
        VectorKind.Boxed => $"w.VectorHead({value}.Length); foreach (var x in {value}) {WriteOne(type, "x")};",
        _ => $"w.Int32({value}.Length); foreach (var x in {value}) {WriteOne(type, "x", bare: true)};",
    };
}
