using System.Reflection;
using Holdfast.Testing.Machines;

namespace Holdfast.Testing.Trees;

/// <summary>Runs tree.py: what makes and reads the trees that Holdfast is tested with must share no code with it.</summary>
internal static class TreeScript
{
    private static readonly Lazy<byte[]> Script = new(() =>
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("tree.py")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    });

    // A version manager's "python3" in PATH starts slowly and is not there for other users.
    private static readonly string Python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    public static Command Run(bool asOrdinaryUser, params string[] arguments)
    {
        string[] all = ["-", .. arguments];
        var result = asOrdinaryUser ? Command.RunAsOrdinaryUser(Python, all, Script.Value) : Command.Run(Python, all, Script.Value, timeout: TimeSpan.FromMinutes(5));
        return result.Checked("tree.py", arguments);
    }
}
