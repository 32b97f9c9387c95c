using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Testing.Faults;

/// <summary>When to fail, and how. An operation that matches several rules follows the first that is due.</summary>
public sealed record FaultRule
{
    /// <summary>Which operation; null for every one.</summary>
    public FolderOperation? Operation { get; init; }

    /// <summary>Which path, as seen from the folder the faults were put around; null for every one. A rename or link matches by either path.</summary>
    public Func<EntryPath, bool>? Path { get; init; }

    /// <summary>The first matching call that fails, counted from 1.</summary>
    public int From { get; init; } = 1;

    /// <summary>How many matching calls fail, from there on.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>The reason given.</summary>
    public required Errno Error { get; init; }

    /// <summary>True: it is done, and then reported as failed.</summary>
    public bool AfterTheEffect { get; init; }
}
