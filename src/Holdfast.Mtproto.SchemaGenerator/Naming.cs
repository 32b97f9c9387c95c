using System.Linq;

namespace Holdfast.Mtproto.SchemaGenerator;

internal static class Naming
{
    /// <summary><c>messages.getHistory</c> and <c>req_pq_multi</c> as C# names.</summary>
    public static string Pascal(string name) =>
        string.Concat(name.Split('.', '_').Where(p => p.Length > 0).Select(p => char.ToUpperInvariant(p[0]) + p.Substring(1)));

    /// <summary>A property; C# does not let it bear the name of its own type.</summary>
    public static string Property(TlArgument argument, string className)
    {
        var name = Pascal(argument.Name);
        if (name != className) return name;
        return name + (argument.Type == "string" ? "Text" : "Value");
    }
}
