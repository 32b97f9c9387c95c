using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Mirror;
using Holdfast.Stores.Opening;
using Holdfast.Volumes;

namespace Holdfast.Cli.Places;

/// <summary>From a target's address to the code that serves it.</summary>
internal static class TargetOpening
{
    /// <summary>Reads a target that was typed.</summary>
    /// <exception cref="HoldfastException">It is none.</exception>
    public static TargetAddress Parse(Session session, string text)
    {
        try
        {
            return TargetAddress.Parse(text, session.Environment.WorkingFolder, session.Environment);
        }
        catch (FormatException e)
        {
            throw new HoldfastException(ErrorKind.Usage, e.Message + ".", inner: e);
        }
    }

    /// <summary>The same with what the config says about reaching it.</summary>
    /// <exception cref="ConfigException">This version does not have the layout.</exception>
    public static IPlaceTarget Open(Session session, TargetAddress address, LayoutOptions layout) => OpenAs(session, address, session.OnTop(layout));

    private static IPlaceTarget OpenAs(Session session, TargetAddress address, LayoutOptions layout) => address switch
    {
        { Kind: TargetKind.Mirror } => new MirrorTarget(address.Location, LocalFolders.Open),
        { Kind: TargetKind.Volumes, LocalPath: { } path } => VolumesTarget.InFolder(path, Volumes(session, layout), session.StateFolder, session.Time),
        { Kind: TargetKind.Volumes } when StoreOpening.IsRemote(address.Location) => VolumesTarget.InStore(
            new StoreOpening(address.Location, layout.Store ?? new StoreOptions(), session.Time), Volumes(session, layout), session.StateFolder, session.Time),
        { Kind: TargetKind.Volumes } => throw new ConfigException($"{address}: this version keeps volumes in folders and in S3 buckets."),
        { Kind: TargetKind.Library, LocalPath: { } path } => new LibraryTarget(path, LocalFolders.Open, TimeProvider.System),
        { Kind: TargetKind.Library } when address.Location.StartsWith("http", StringComparison.Ordinal) =>
            new HttpLibraryTarget(address.Location, () => LibraryToken.Read(layout.TokenFile), TimeProvider.System) { UploadLimit = layout.Store?.UploadLimit, DownloadLimit = layout.Store?.DownloadLimit },
        { Kind: TargetKind.Library } => throw new ConfigException($"{address} is not built yet; this version keeps libraries in folders and behind its own server."),
        _ => throw new ConfigException($"{address.Word}: targets are not built yet; this version keeps mirror:, library: and volumes: targets."),
    };

    private static VolumeOptions Volumes(Session session, LayoutOptions layout) => VolumeOptions.Of(layout) with { Interruption = session.Interruption };

    /// <summary>The same for a target that was typed: the config may know a job that says how it is reached.</summary>
    public static IPlaceTarget Open(Session session, TargetAddress address)
    {
        var known = session.Config.Jobs.FirstOrDefault(j => j.To.Contains(address))?.Options.Layout;
        return Open(session, address, new LayoutOptions { TokenFile = known?.TokenFile, Store = known?.Store });
    }
}
