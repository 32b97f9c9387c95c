using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>The versions of files that go out of the history, a line each.</summary>
internal sealed class ForgottenText(TextWriter output, string target, bool dryRun) : IPrinter<ForgottenVersion>
{
    private long _versions, _bytes;

    public void Print(ForgottenVersion item)
    {
        _versions++;
        _bytes += item.Entry.Size;
        var until = item.Until is { } next ? $"before {next.Id}" : "on";
        output.WriteLine($"{(item.Entry.Type == EntryType.File ? Sizes.Bytes(item.Entry.Size) : ""),12}  {item.Entry.Path}  from {item.Since.Id} {until}");
    }

    public void Finish() => output.WriteLine(
        $"{target}: {Sizes.Count(_versions, "version")} ({Sizes.Bytes(_bytes)}) {(dryRun ? "would be forgotten" : "forgotten")}; what the newest snapshot lists stays");
}
