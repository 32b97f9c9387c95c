using Holdfast.Core.Jobs.Notifying;

namespace Holdfast.Cli.Output;

/// <summary>Whether a notice arrived, a line a way.</summary>
internal sealed class ToldText(TextWriter output) : IPrinter<Told>
{
    public void Print(Told item) => output.WriteLine($"{item.Channel}: {item.Failure ?? "sent"}");

    public void Finish()
    {
    }
}
