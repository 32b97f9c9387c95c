#pragma warning disable
using Holdfast.Core.Model;
namespace Holdfast.Core.Sources.Rules;
public sealed class RuleList { public bool IsEmpty => true; }
public sealed class ScanRules {
 public static ScanRules Everything { get; } = new();
 public RuleList Include { get; } = new(); public RuleList Track { get; } = new();
 public IReadOnlyList<string> ExcludeIfPresent { get; } = [];
 public bool ExcludeCaches; public long? ExcludeLargerThan; public bool OneFileSystem; public TimeSpan? MinAge; public IReadOnlyList<EntryPath>? FilesFrom;
 public RuleVerdict Decide(in RuleVerdict p, EntryPath path, bool isFolder) => RuleVerdict.Start(this);
}
public readonly struct RuleVerdict { public bool Excluded => false; public bool Included => true; public bool Tracked => true; public bool MayHoldIncluded => true; public static RuleVerdict Start(ScanRules r) => default; }
