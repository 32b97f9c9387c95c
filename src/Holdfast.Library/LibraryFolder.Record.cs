using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Syncing;

namespace Holdfast.Library;

/// <summary>A library's record as files that a copy of the library takes over.</summary>
public sealed partial class LibraryFolder
{
    /// <inheritdoc/>
    public Task<IFileReader?> OpenRecordAsync(RecordFile file, CancellationToken cancellationToken) =>
        Task.FromResult(_place.TryStat(PathOf(file)) is null ? null : _place.OpenFile(PathOf(file)));

    /// <inheritdoc/>
    public Task ReplaceRecordAsync(RecordFile file, IFileReader? from, CancellationToken cancellationToken) => AloneAsync(
        () =>
        {
            ReplaceRecord(file, from);
            return true;
        },
        cancellationToken);

    /// <summary>Opens bytes that came in and have no name yet.</summary>
    internal IFileReader OpenStaged(IStagedContent staged) => _incoming.OpenFile(((StagedFile)staged).Name);

    /// <summary>Where a file of the record lies.</summary>
    internal static EntryPath PathOf(RecordFile file) => file == RecordFile.Names ? LibraryLayout.Names : LibraryLayout.Log;

    /// <summary>Puts another library's file of the record in the place of this one's, durably, and reads it.</summary>
    internal void ReplaceRecord(RecordFile file, IFileReader? from)
    {
        var path = PathOf(file);
        if (from is null)
        {
            if (_place.TryStat(path) is null)
                return;
            _place.Remove(path);
        }
        else
        {
            var temporary = SmallFile.TemporaryOf(path);
            using (var to = _place.ContinueFile(temporary, LibraryLayout.FileMode))
            {
                to.SetSize(0);
                var buffer = new byte[1 << 20];
                for (var position = 0L; from.Read(position, buffer) is var got and > 0; position += got)
                    to.Write(position, buffer.AsSpan(0, got));
            }
            // Invariant: a record that nobody can read replaces none.
            _record.RequireReadable(temporary, isLog: file == RecordFile.Log);
            _place.Barrier();
            _place.Rename(temporary, _place, path, replace: true);
        }
        _place.Barrier();
        _record.Reread();
    }
}
