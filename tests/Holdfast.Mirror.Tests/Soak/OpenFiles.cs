using System.Globalization;
using System.Runtime.InteropServices;

namespace Holdfast.Mirror.Tests.Soak;

/// <summary>What a crash left open. A process that really dies has it closed by the system; this one only plays dead.</summary>
internal static partial class OpenFiles
{
    /// <summary>Closes everything that is open under a path, so that it can be unmounted.</summary>
    public static void CloseUnder(string path)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        foreach (var descriptor in Directory.GetFileSystemEntries("/proc/self/fd"))
            if (new FileInfo(descriptor).LinkTarget is { } target && target.StartsWith(path + "/", StringComparison.Ordinal))
                _ = Close(int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture));
    }

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
