using System.Globalization;
using System.Runtime.InteropServices;

namespace Holdfast.Cli.Output;

/// <summary>What is at the other end of standard output and error.</summary>
internal static partial class Terminal
{
    private const int UsualWidth = 80;

    /// <summary>True when standard output is a terminal.</summary>
    public static bool OutputIsTerminal { get; } = IsTerminal(1) == 1;

    /// <summary>True when standard error is a terminal that can move its cursor.</summary>
    public static bool ErrorIsTerminal { get; } = IsTerminal(2) == 1 && !IsDumb;

    /// <summary>How standard output is coloured.</summary>
    public static Style OutputStyle => new(OutputIsTerminal && MayColour);

    /// <summary>How standard error is coloured.</summary>
    public static Style ErrorStyle => new(ErrorIsTerminal && MayColour);

    /// <summary>Columns: $COLUMNS, else what the terminal says, else 80.</summary>
    public static int Width
    {
        get
        {
            if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0)
                return columns;
            return ErrorIsTerminal && Ioctl(2, GetWindowSize, out var size) == 0 && size.Columns > 0 ? size.Columns : UsualWidth;
        }
    }

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") is "dumb";

    // https://no-color.org: set and not empty.
    private static bool MayColour => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && !IsDumb;

    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ, asm-generic/ioctls.h

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows, Columns, Width, Height;
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int descriptor, nuint request, out WindowSize size);
}
