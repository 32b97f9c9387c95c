using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>The folders at the top of what is restored: one, or one for each source. They stay open to the end.</summary>
internal sealed class RestoreTarget(RestoreOptions options, Func<string, IFolder> open) : IDisposable
{
    private readonly List<OpenFolder> _open = [];
    private readonly IReadOnlyList<RestoreRoot> _roots = options.To is { } to ? [new RestoreRoot(EntryPath.Root, to)] : options.InPlace;

    /// <summary>Opens, and makes where missing, the folder under which a path goes; null when no folder is meant for it.</summary>
    public OpenFolder? OpenFor(EntryPath path, bool isFolder)
    {
        foreach (var root in _roots)
            if (path.IsAtOrUnder(root.Prefix))
            {
                var isFile = path == root.Prefix && !isFolder && options.To is null;
                var opened = isFile
                    ? Open(Path.GetDirectoryName(root.Path) ?? "/", root.Prefix.Parent, root.Prefix)
                    : Open(root.Path, root.Prefix, root.Prefix);
                _open.Add(opened);
                return opened;
            }
        return null;
    }

    /// <summary>Makes every name given durable.</summary>
    public void Barrier()
    {
        foreach (var folder in _open)
            folder.Folder?.Barrier();
    }

    public void Dispose()
    {
        foreach (var folder in _open)
            folder.Dispose();
    }

    private OpenFolder Open(string folder, EntryPath path, EntryPath scope)
    {
        try
        {
            return Opened(open(folder), path, scope);
        }
        catch (FileSystemException e) when (e.Error == Errno.NotFound)
        {
            if (options.DryRun)
                return OpenFolder.Planned(path, null);
            LocalFolders.Create(folder).Dispose();
            var made = Opened(open(folder), path, scope);
            made.IsNew = true;
            return made;
        }
    }

    private static OpenFolder Opened(IFolder folder, EntryPath path, EntryPath scope)
    {
        try
        {
            return OpenFolder.AtRoot(path, scope, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }
}
