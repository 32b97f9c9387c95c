using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Run;

/// <summary>Brings mirror/ from one state to the next: built anew, or changed in place behind temporary names.</summary>
internal interface IMirrorTree : IDisposable
{
    /// <summary>A sink for a file's bytes; from several threads.</summary>
    IContentSink Receive(Change change);

    /// <summary>Takes a file's bytes from what an interrupted run left behind; null when they are not there.</summary>
    ContentId? TryReuse(Change change);

    /// <summary>Drops what was received for a path that will not be put.</summary>
    void Discard(EntryPath path);

    /// <summary>Prepares a new or changed path; in path order. When it throws, nothing was prepared.</summary>
    void Put(Change change);

    /// <summary>Prepares the removal of a path; in path order.</summary>
    void Remove(Change change);

    /// <summary>Completes what was prepared; nothing more is put.</summary>
    void Finish();

    /// <summary>Takes out of mirror/ what leaves it and has no other name; false when there is nothing like that.</summary>
    bool SetAside();

    /// <summary>Makes mirror/ what was prepared. Everything that was prepared is durable by now.</summary>
    void Apply();

    /// <summary>True when there is something to apply.</summary>
    bool HasWork { get; }
}
