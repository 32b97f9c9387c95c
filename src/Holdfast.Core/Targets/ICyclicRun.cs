namespace Holdfast.Core.Targets;

/// <summary>
/// A run of a target that writes one stream and saves unchanged entries again in turn, so that no old part of the place is
/// needed for ever: first all that changed, then what <see cref="Again"/> asks for, each in path order. A file whose metadata
/// changed is sent whole.
/// </summary>
public interface ICyclicRun : IBackupRun
{
    /// <summary>
    /// The bytes of files up to this size may be received side by side and before their turn: the target holds them until they
    /// are put. Larger files, and those with holes, are received when everything before them was put.
    /// </summary>
    long MostHeld { get; }

    /// <summary>An entry that is as the target knows it, or differs in hints alone. While planning, in path order.</summary>
    void Unchanged(Model.Entry entry, KnownEntry known);

    /// <summary>A known entry that is still there but is kept out by the rules now: its last copy stays.</summary>
    void KeptOut(KnownEntry known);

    /// <summary>A step of the plan, before anything is carried out. Not called in a first run, where everything is new.</summary>
    void Planned(Change change);

    /// <summary>The plan is complete, and the brake let it pass.</summary>
    void PlanComplete();

    /// <summary>What is to be saved again, in path order, as <see cref="ChangeKind.Again"/>; asked once, after everything that changed was put.</summary>
    IEnumerable<Change> Again();

    /// <summary>What the run could not save, and why; told before the commit.</summary>
    void Missing(IReadOnlyList<KeyValuePair<Model.EntryPath, string>> failures);

    /// <summary>What the report tells of the run beside the usual: a name and a value each.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Figures { get; }
}
