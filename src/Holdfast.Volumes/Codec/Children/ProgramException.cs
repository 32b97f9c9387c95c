using System.Diagnostics.CodeAnalysis;
using Holdfast.Core.Model;

namespace Holdfast.Volumes.Codec.Children;

/// <summary>A program could not be run, or did not come to its end by itself: that says nothing of the bytes it was given.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Never without words.")]
internal sealed class ProgramException(string message, string wayOut, Exception? inner = null) : HoldfastException(ErrorKind.Failed, message, wayOut, inner);
