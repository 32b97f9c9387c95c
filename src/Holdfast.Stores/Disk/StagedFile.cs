using System.Buffers;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Stores.Disk;

/// <summary>A file that has no name of its own yet. Disposed without <see cref="Publish"/>, nothing of it stays.</summary>
internal sealed class StagedFile : IDisposable
{
    private const int Mode = 0x180; // 0600 while it is written
    private const int FinalMode = 0x100; // 0400: volumes may lie here unencrypted, and nobody is to write into an object
    private const int BufferSize = 128 * 1024;
    private const long WritebackStep = 8 * 1024 * 1024;

    private readonly IFolder _root;
    private readonly EntryPath _path;
    private readonly IFileWriter _file;
    private bool _published;

    public StagedFile(IFolder root, EntryPath path)
    {
        (_root, _path) = (root, path);
        _file = root.CreateFile(path, Mode);
    }

    /// <summary>Writes all bytes of a body; returns how many there were.</summary>
    public async Task<long> FillAsync(ObjectBody body, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var from = body.Open();
            long length = 0;
            while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var got)
            {
                _file.Write(length, buffer.AsSpan(0, got));
                if (length / WritebackStep != (length + got) / WritebackStep)
                    _file.StartWriteback();
                length += got;
            }
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Makes it read-only and durable, under no name yet.</summary>
    public void Complete()
    {
        try
        {
            _file.SetMode(FinalMode);
        }
        catch (FileSystemException e) when (e.Error is Errno.NotPermitted or Errno.NotSupported or Errno.InvalidArgument or Errno.NotImplemented)
        {
            // A file system without permissions.
        }
        _file.Sync();
        _file.Dispose();
    }

    /// <summary>Gives it its name.</summary>
    public void Publish(EntryPath path, bool replace)
    {
        _root.Rename(_path, _root, path, replace);
        _published = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (_published)
            return;
        try
        {
            _root.Remove(_path);
        }
        catch (FileSystemException)
        {
            // The failure that led here says more; the file is garbage that the next process removes.
        }
    }
}
