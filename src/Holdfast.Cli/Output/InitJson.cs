namespace Holdfast.Cli.Output;

/// <summary>What init made, one object each.</summary>
internal sealed class InitJson(Stream output) : IPrinter<Initialised>
{
    public void Print(Initialised item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", item.Place is null ? "config" : "place");
        if (item.Job is not null)
            json.WriteString("job", item.Job);
        if (item.File is not null)
            json.WriteString("file", item.File);
        if (item.Place is { } place)
        {
            json.WriteString("target", item.Target);
            json.WriteString("id", place.Id);
            if (item.Adopted is { } adopted)
                json.WriteNumber("adopted", adopted.FilesDone);
        }
    });

    public void Finish()
    {
    }
}
