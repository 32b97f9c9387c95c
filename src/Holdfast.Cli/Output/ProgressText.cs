namespace Holdfast.Cli.Output;

/// <summary>The words of a progress line.</summary>
internal static class ProgressText
{
    /// <summary>Everything but the current file.</summary>
    public static string Of(ProgressState state)
    {
        var bytes = state.BytesToRead is { } all and > 0
            ? $"{state.BytesDone * 100 / all}%, {Sizes.Bytes(state.BytesDone)} of {Sizes.Bytes(all)}"
            : Sizes.Bytes(state.BytesDone);
        var left = state.Left is { } time ? $", {Sizes.Duration(time)} left" : "";
        var missing = state.Missing > 0 ? $", {state.Missing} missing" : "";
        return $"[{Sizes.Duration(state.Elapsed)}] {state.FilesDone} of {Sizes.Count(state.FilesSeen, "file")}, {bytes}, {Sizes.Rate(state.BytesDone, state.Elapsed)}{left}{missing}";
    }
}
