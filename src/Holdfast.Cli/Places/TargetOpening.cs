using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror;

namespace Holdfast.Cli.Places;

/// <summary>From a target string to the code that serves it.</summary>
internal static class TargetOpening
{
    private static readonly string[] Layouts = ["mirror", "library", "volumes", "repository", "archive"];

    /// <summary>True for <c>LAYOUT:…</c>, and so not a job's name.</summary>
    public static bool IsTarget(string text) => Layouts.Any(l => text.StartsWith(l + ":", StringComparison.Ordinal));

    /// <summary>The target, to back up to.</summary>
    /// <exception cref="HoldfastException">No target, or of a layout this version does not have.</exception>
    public static MirrorTarget Mirror(string text)
    {
        var colon = text.IndexOf(':');
        var layout = colon < 0 ? null : text[..colon];
        if (layout is null || !Layouts.Contains(layout))
            throw new HoldfastException(ErrorKind.Usage, $"'{text}' is not a target.", $"A target is a layout and a place, for example mirror:{(layout is null ? text : "/media/usb/backup")}");
        if (layout != "mirror")
            throw new HoldfastException(ErrorKind.Usage, $"this version does not keep targets with the layout '{layout}' yet.", "Use mirror:PATH.");
        if (colon + 1 == text.Length)
            throw new HoldfastException(ErrorKind.Usage, "'mirror:' needs a folder.", "For example mirror:/media/usb/backup");
        return new MirrorTarget(Path.GetFullPath(text[(colon + 1)..]), LocalFolders.Open);
    }

    /// <summary>The target's snapshots, for reading.</summary>
    public static ISnapshots Snapshots(string text) => Mirror(text).OpenSnapshots();
}
