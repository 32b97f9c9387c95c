using System.Text;
using Holdfast.Testing.Machines;

namespace Holdfast.Testing.Trees;

/// <summary>rsync as the judge of whether two trees are equal.</summary>
public static class Rsync
{
    /// <summary>
    /// What rsync would do to make the copy equal to the source: contents, nanosecond times, modes, owners, ACLs, attributes,
    /// hard links, devices. Empty for equal trees. Bytes that are not UTF-8 show as \#ooo.
    /// </summary>
    public static IReadOnlyList<string> Differences(string source, string copy, params IEnumerable<string> options)
    {
        Peer.Require("rsync");
        // xfs shows root its ACLs a second time, as attributes. A filter replaces what rsync leaves out by itself: system.* for root.
        string[] attributes = Command.IsRoot ? ["--filter=-x system.*", "--filter=-x trusted.SGI_ACL_*"] : [];
        string[] arguments = ["-naAXHi", "--checksum", "--delete", "--modify-window=-1", .. attributes, .. options, "--", source.TrimEnd('/') + "/", copy.TrimEnd('/') + "/"];
        var result = Command.Run("rsync", arguments, timeout: TimeSpan.FromMinutes(10)).Checked("rsync", arguments);
        return Encoding.Latin1.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
