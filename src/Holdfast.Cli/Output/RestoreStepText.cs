namespace Holdfast.Cli.Output;

/// <summary>A restore's plan, a line a path.</summary>
internal sealed class RestoreStepText(TextWriter output) : IPrinter<RestoreStep>
{
    public void Print(RestoreStep item)
    {
        if (item.Word is { } word)
            output.WriteLine($"{word,-8}  {item.Path}");
    }

    public void Finish()
    {
    }
}
