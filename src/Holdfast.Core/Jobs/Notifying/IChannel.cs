using Holdfast.Core.Model;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>A way to tell people.</summary>
internal interface IChannel
{
    /// <summary>Its key in the config.</summary>
    string Name { get; }

    /// <summary>True when this one is to tell it.</summary>
    bool Wants(Notice notice);

    /// <summary>Tells it, once.</summary>
    /// <exception cref="NotToldException">It did not arrive.</exception>
    Task SendAsync(Notice notice, CancellationToken cancellationToken);
}

/// <summary>A notice did not arrive.</summary>
/// <param name="message">Why.</param>
/// <param name="helpsToTryAgain">False when the next try would end the same.</param>
/// <param name="inner">The cause.</param>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1032", Justification = "Never without a reason.")]
internal sealed class NotToldException(string message, bool helpsToTryAgain, Exception? inner = null) : HoldfastException(ErrorKind.Failed, message, inner: inner)
{
    public bool HelpsToTryAgain => helpsToTryAgain;

    /// <summary>The readers who may still get it; null for everyone.</summary>
    public IReadOnlyList<string>? Remaining { get; init; }

    /// <summary>What no further try changes, when some do get it; null for nothing.</summary>
    public string? Final { get; init; }
}
