namespace Holdfast.Cli.Output;

/// <summary>A restore's plan, one object a path.</summary>
internal sealed class RestoreStepJson(Stream output) : IPrinter<RestoreStep>
{
    public void Print(RestoreStep item)
    {
        if (item.Word is not { } word)
            return;
        JsonLine.Write(output, json =>
        {
            json.WriteString("type", "restore_step");
            json.WriteString("action", word);
            json.WritePath("path", item.Path.Bytes);
        });
    }

    public void Finish()
    {
    }
}
