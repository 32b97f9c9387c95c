using System.Runtime.InteropServices;

namespace Holdfast.Mirror.Tests.Model;

internal static partial class Native
{
    public static void Link(string path, string further) => link(path, further).ShouldBe(0);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string path, string further);
}
