namespace Holdfast.Cli.Output;

/// <summary>What init made and what to type next, for people.</summary>
internal sealed class InitText(TextWriter output) : IPrinter<Initialised>
{
    public void Print(Initialised item)
    {
        if (item is { Job: null, Place: { } library })
        {
            output.WriteLine($"{item.Target} is a library (id {library.Id})");
            output.WriteLine($"next: holdfast token add NAME --library {item.Target}");
            output.WriteLine($"      holdfast serve --library {item.Target}");
            return;
        }
        if (item.Place is { } place)
        {
            output.WriteLine($"{item.Target} is the place of job '{item.Job}' (id {place.Id})");
            if (item.Adopted is { } adopted)
                output.WriteLine($"the copy that was there is its first snapshot: {Sizes.Count(adopted.FilesDone, "path")}, {Sizes.Bytes(adopted.BytesDone)}; nothing was copied");
            output.WriteLine($"next: holdfast backup {item.Job}");
            return;
        }
        output.WriteLine($"wrote {item.File}");
        output.WriteLine("next: look through it, then");
        output.WriteLine($"  holdfast init {item.Job}      makes the place for the copies");
        output.WriteLine($"  holdfast backup {item.Job}");
    }

    public void Finish()
    {
    }
}
