using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.VerifySchedule>;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of <c>verify</c>.</summary>
internal static class VerifyKeys
{
    public static ConfigSection<VerifySchedule> Section { get; } = new("verify", new VerifySchedule(),
    [
        Key("every", Forms.Duration, v => v.Every, (v, e) => v with { Every = e }, "How often.", "7d"),
        Key("share", Forms.Share, v => (double?)v.Share, (v, s) => v with { Share = s },
            "The share of the bytes that is read back each time, those first that were not read for longest.", "10%", "5%"),
        Key("drill", Forms.Count, v => (int?)v.Drill, (v, d) => v with { Drill = d },
            "Files, chosen at random, that are restored to a temporary folder each time and compared.", "50", "20"),
    ],
    null, "every");
}
