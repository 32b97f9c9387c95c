namespace Holdfast.Cli.Output;

/// <summary>Prints one kind of thing. There are two of each: for people and, with --json, for programs.</summary>
internal interface IPrinter<in T>
{
    void Print(T item);

    /// <summary>Prints what can only be said at the end.</summary>
    void Finish();
}
