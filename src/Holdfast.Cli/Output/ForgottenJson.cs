using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>The same, one object a version.</summary>
internal sealed class ForgottenJson(Stream output, string target) : IPrinter<ForgottenVersion>
{
    public void Print(ForgottenVersion item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "forgotten");
        json.WriteString("target", target);
        json.WritePath("path", item.Entry.Path.Bytes);
        json.WriteNumber("size", item.Entry.Size);
        json.WriteString("since", item.Since.Id);
        if (item.Until is { } until)
            json.WriteString("until", until.Id);
        else
            json.WriteNull("until");
    });

    public void Finish()
    {
    }
}
