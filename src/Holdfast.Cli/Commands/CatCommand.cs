using System.CommandLine;
using System.Security.Cryptography;
using Holdfast.Cli.Output;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast cat</c>: the bytes of files of a snapshot on standard output, hashed on the way.</summary>
internal static class CatCommand
{
    private const int BufferSize = 1024 * 1024;

    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var at = ReadingOptions.At();
        var asUploaded = ReadingOptions.AsUploaded();
        var paths = new Argument<string[]>("PATH") { Description = "Files, relative to the source", Arity = ArgumentArity.OneOrMore };
        var verb = new Verb("cat", "Write files of a snapshot to standard output, checking their hash")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast cat documents todo.txt --at 2"],
        };
        verb.Add(place);
        foreach (var option in ReadingOptions.Reaching)
            verb.Add(option);
        verb.Add(paths);
        verb.Add(at);
        verb.Add(asUploaded);
        return verb.Does((session, parse, cancellationToken) =>
        {
            using var snapshots = ReadingOptions.Open(session, parse.GetRequiredValue(place), parse.GetValue(asUploaded));
            var snapshot = ReadingOptions.Choose(session, snapshots, parse.GetRequiredValue(at));
            foreach (var path in parse.GetRequiredValue(paths).Select(ArgumentBytes.Path))
                Copy(snapshots, Find(snapshots, snapshot, path, cancellationToken), StandardStreams.Out, cancellationToken);
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static SnapshotEntry Find(ISnapshots snapshots, Snapshot snapshot, EntryPath path, CancellationToken cancellationToken)
    {
        var found = snapshots.Entries(snapshot, path, cancellationToken).FirstOrDefault(e => e.Entry.Path == path)
            ?? throw new HoldfastException(ErrorKind.Failed, $"there is no '{path}' in snapshot {snapshot.Id}.", "'holdfast ls' lists what there is.");
        return found.Entry.Type == EntryType.File
            ? found
            : throw new HoldfastException(ErrorKind.Failed, $"'{path}' is a {KindName.Of(found.Entry.Type)}, not a file.");
    }

    private static void Copy(ISnapshots snapshots, SnapshotEntry entry, Stream output, CancellationToken cancellationToken)
    {
        using var file = snapshots.Open(entry);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        long position = 0;
        for (int read; (read = file.Read(position, buffer)) > 0; position += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            output.Write(buffer, 0, read);
        }
        output.Flush();
        if (entry.Entry.Content is { } expected && new ContentId(hash.GetHashAndReset()) != expected)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"the bytes of '{entry.Entry.Path}' are not those that were backed up: they were altered in the place.",
                "What was written out is damaged. 'holdfast check' names everything that was altered; an older or newer snapshot may have a good copy.");
    }
}
