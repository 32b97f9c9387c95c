using Holdfast.Core.Engine.Comparing;

namespace Holdfast.Cli.Output;

/// <summary>How a path differs, in one word.</summary>
internal static class DifferenceName
{
    public static string Of(DifferenceKind kind) => kind.ToString().ToLowerInvariant();
}
