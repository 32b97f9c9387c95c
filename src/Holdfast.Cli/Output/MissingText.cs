using Holdfast.Core.Engine;

namespace Holdfast.Cli.Output;

/// <summary>The paths a run could not do, by name up to a limit.</summary>
internal static class MissingText
{
    private const int NamedWithoutVerbose = 20;

    public static void Print(TextWriter output, string what, long count, IReadOnlyList<RunFailure> failures, bool everything, Style style)
    {
        if (count == 0)
            return;
        output.Labelled("missing", style.Red($"{Sizes.Count(count, "path")} {what}"));
        var named = everything ? failures : [.. failures.Take(NamedWithoutVerbose)];
        foreach (var failure in named)
            output.WriteLine($"  {failure.Path}: {failure.Reason}");
        if (count > named.Count)
            output.WriteLine($"  … and {count - named.Count} more{(everything ? "" : " (-v names them)")}");
    }
}
