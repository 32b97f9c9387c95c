using System.Globalization;
using System.Text;
using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>The name of a client's version of a file that both sides changed: <c>name (conflict, CLIENT, date).ext</c>.</summary>
internal static class ConflictName
{
    /// <param name="path">The file.</param>
    /// <param name="client">Whose version it is.</param>
    /// <param name="now">When that was noticed.</param>
    /// <param name="isTaken">True for names that are in use.</param>
    public static EntryPath Of(EntryPath path, string client, DateTimeOffset now, Func<EntryPath, bool> isTaken)
    {
        var name = Encoding.UTF8.GetString(path.Name);
        var dot = name.LastIndexOf('.') is > 0 and var at ? at : name.Length;
        var marked = string.Create(CultureInfo.InvariantCulture, $"{name[..dot]} (conflict, {client.Replace('/', '_')}, {now:yyyy-MM-dd}){name[dot..]}");
        var wanted = LibraryName.Map(EntryPath.From(Encoding.UTF8.GetBytes(marked))).Under(path.Parent);
        for (var number = 1; ; number++)
            if ((number == 1 ? wanted : LibraryName.Numbered(wanted, number)) is var free && !isTaken(free))
                return free;
    }
}
