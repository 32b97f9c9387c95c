using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.Retention>;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of <c>keep</c>.</summary>
internal static class KeepKeys
{
    public static ConfigSection<Retention> Section { get; } = new("keep", new Retention(),
    [
        Key("last", Forms.Count, k => k.Last, (k, v) => k with { Last = v }, "The newest snapshots, this many.", "5"),
        Key("hourly", Forms.Count, k => k.Hourly, (k, v) => k with { Hourly = v }, "The newest snapshot of an hour, for this many hours that have one.", "24"),
        Key("daily", Forms.Count, k => k.Daily, (k, v) => k with { Daily = v }, "The newest snapshot of a day, for this many days that have one.", "7"),
        Key("weekly", Forms.Count, k => k.Weekly, (k, v) => k with { Weekly = v }, "The newest snapshot of a week, for this many weeks that have one.", "4"),
        Key("monthly", Forms.Count, k => k.Monthly, (k, v) => k with { Monthly = v }, "The newest snapshot of a month, for this many months that have one.", "12"),
        Key("yearly", Forms.Count, k => k.Yearly, (k, v) => k with { Yearly = v }, "The newest snapshot of a year, for this many years that have one.", "3"),
        Key("within", Forms.Duration, k => k.Within, (k, v) => k with { Within = v }, "All snapshots younger than this, counted from the newest.", "14d"),
        Key("tags", JobForms.Tags, k => k.Tags, (k, v) => k with { Tags = v }, "All snapshots that have one of these tags. Another key must say which of the others stay.", "[before-upgrade]"),
    ],
    keep => !keep.KeepsNothing ? null
        : keep.Tags.Count > 0 ? "would keep no snapshot without these tags; say how many of the others stay ('last: 1' keeps the newest alone)"
        : "would keep no snapshot at all; leave it out to keep all");
}
