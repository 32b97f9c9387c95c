using Holdfast.Cli.Packaging;

namespace Holdfast.Cli.Output;

/// <summary>What was packaged and what to type next, for people.</summary>
internal sealed class PackageText(TextWriter output) : IPrinter<Packaged>
{
    public void Print(Packaged item)
    {
        output.WriteLine($"{item.Folder} holds Holdfast for {item.Program["holdfast-".Length..]} ({Sizes.Bytes(item.Bytes)}), to run where there is no .NET");
        if (item.Job is null)
            output.WriteLine("its holdfast.yaml stayed as it was");
        else
            output.WriteLine("next: look through its holdfast.yaml, then, in that folder");
        if (item.Job is { } job)
        {
            output.WriteLine($"  ./holdfast init {job}      makes the place for the copies");
            output.WriteLine($"  ./holdfast backup");
        }
        output.WriteLine("where the disk is mounted noexec: sh holdfast …");
    }

    public void Finish()
    {
    }
}
