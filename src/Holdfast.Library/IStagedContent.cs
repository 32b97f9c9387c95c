using Holdfast.Core.Targets;

namespace Holdfast.Library;

/// <summary>
/// Bytes on their way into a library. Complete, it waits for <see cref="ILibrary.KeepAsync"/>; disposed before that, the
/// bytes are dropped.
/// </summary>
public interface IStagedContent : IContentSink
{
    /// <summary>True when all bytes are there.</summary>
    bool IsComplete { get; }

    /// <summary>More bytes come later, if ever: until then nothing is held open.</summary>
    void Rest()
    {
    }
}
