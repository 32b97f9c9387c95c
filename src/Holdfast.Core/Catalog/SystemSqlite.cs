using System.Runtime.InteropServices;

namespace Holdfast.Core.Catalog;

/// <summary>Prefers the system's SQLite, which its distribution keeps safe, over the older bundled one.</summary>
public static class SystemSqlite
{
    private static readonly Lazy<bool> Chosen = new(() =>
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly,
            static (name, _, _) => name == "e_sqlite3" && NativeLibrary.TryLoad("libsqlite3.so.0", out var library) ? library : 0);
        SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());
        return true;
    });

    /// <summary>Chooses it, once a process; before the first connection.</summary>
    public static void Choose() => _ = Chosen.Value;
}
