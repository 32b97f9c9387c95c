using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Core.Model;

/// <summary>Something went wrong that people can understand and act on.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Never without a kind and words.")]
public class HoldfastException : Exception
{
    /// <summary>Says what failed and what to do now.</summary>
    public HoldfastException(ErrorKind kind, string message, string? wayOut = null, Exception? inner = null)
        : base(wayOut is null ? message : $"{message}\n  {wayOut}", inner)
    {
        Kind = kind;
    }

    /// <summary>What sort of failure; the command's exit code follows from it.</summary>
    public ErrorKind Kind { get; }
}
