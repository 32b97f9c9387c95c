using System.Globalization;
using Holdfast.Testing.Machines;

namespace Holdfast.Testing.Trees;

/// <summary>
/// A tree with every kind of entry, metadata and name a file system takes. One seed always gives one tree. The calls
/// need python3 and setfacl, and say so by <see cref="Peer.Require"/>.
/// </summary>
public static class TortureTree
{
    /// <summary>Makes the tree in an absent or empty folder.</summary>
    /// <param name="asRoot">
    /// True: as the user this process is; for root that adds owners, devices, mode 000, capabilities and trusted.* attributes.
    /// False: as an ordinary user, to whom the parent folder must be open (<see cref="TemporaryFolder.OpenToAll"/>).
    /// </param>
    /// <param name="seed">Of the bytes and times.</param>
    /// <param name="wide">Adds a folder "wide" with that many empty files.</param>
    public static void Build(string path, bool asRoot = true, int seed = 1, int wide = 0)
    {
        Peer.Require("python3", "setfacl");
        TreeScript.Run(!asRoot, "build", path, Text(seed), Text(wide));
    }

    /// <summary>
    /// Changes the tree in every way: edits (some keeping size and mtime), renames of files and folders, swaps, chmod, chown, touch,
    /// attributes, ACLs, changes of type, link groups joined and left, deletions, additions.
    /// </summary>
    /// <param name="asRoot">As in <see cref="Build"/>.</param>
    public static void Mutate(string path, Random random, bool asRoot = true)
    {
        Peer.Require("python3", "setfacl");
        TreeScript.Run(!asRoot, "mutate", path, Text(random.Next()));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
