using Holdfast.Core.Jobs.Notifying;

namespace Holdfast.Cli.Output;

/// <summary>Whether a notice arrived, an object a way.</summary>
internal sealed class ToldJson(Stream output) : IPrinter<Told>
{
    public void Print(Told item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "told");
        json.WriteString("channel", item.Channel);
        json.WriteBoolean("arrived", item.Failure is null);
        json.WriteString("failure", item.Failure);
    });

    public void Finish()
    {
    }
}
