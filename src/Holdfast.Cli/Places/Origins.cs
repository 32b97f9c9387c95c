using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Places;

/// <summary>Where the files of a place came from, for restoring them there.</summary>
internal static class Origins
{
    /// <exception cref="HoldfastException">They came from another machine.</exception>
    public static IReadOnlyList<RestoreRoot> Of(Session session, string place) =>
        [.. SourceRoot.Of(Sources(session, place), path => SourceRoot.IsFile(path, LocalFolders.OpenForReading))
            .Select(root => new RestoreRoot(root.Prefix, root.OnlyName is { } name ? Path.Combine(root.Folder, System.Text.Encoding.UTF8.GetString(name)) : root.Folder))];

    /// <summary>The folders the place's marker names: those of the snapshots, whatever the config says by now.</summary>
    private static IReadOnlyList<string> Sources(Session session, string place)
    {
        HoldfastException? unreachable = null;
        foreach (var address in TargetChoice.All(session, place))
            if (Marker(session, place, address, ref unreachable) is { } marker)
                return marker.Layout == "library"
                    ? throw new HoldfastException(ErrorKind.Usage, $"many clients may have brought files to {address}, so there is no one place to put them back in.", "Say where to with --to DIR; with --as-uploaded CLIENT they get the names they had there.")
                    : marker.Client == session.Config.Client
                    ? marker.Sources
                    : throw new HoldfastException(ErrorKind.Usage, $"the files of {address} came from the client '{marker.Client}', and this is '{session.Config.Client}'.", "Say where to with --to DIR.");
        throw unreachable ?? new HoldfastException(ErrorKind.NoPlace, $"{place} does not say where its files came from.", "Say where to with --to DIR.");
    }

    private static PlaceMarker? Marker(Session session, string place, TargetAddress address, ref HoldfastException? unreachable)
    {
        try
        {
            if (address.LocalPath is not { } path)
                return (TargetChoice.Open(session, place, address) as IMarkedPlace)?.TryReadMarker();
            using var folder = LocalFolders.OpenForReading(path);
            return PlaceMarker.TryRead(folder);
        }
        catch (FileSystemException)
        {
            return null; // Another of the job's places may be there.
        }
        catch (HoldfastException e)
        {
            unreachable ??= e;
            return null;
        }
    }
}
