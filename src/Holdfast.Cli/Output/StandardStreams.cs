using System.Text;

namespace Holdfast.Cli.Output;

/// <summary>Standard output and error.</summary>
internal static class StandardStreams
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Standard output as bytes. Shares its buffer with <see cref="Text"/>.</summary>
    public static Stream Out { get; } = new BufferedStream(new DescriptorStream(1), 64 * 1024);

    /// <summary>Standard output as text, which goes through <see cref="Out"/>.</summary>
    public static TextWriter Text { get; } = new StreamWriter(Out, Utf8, 4096, leaveOpen: true) { NewLine = "\n" };

    /// <summary>Standard error, sent out with every call.</summary>
    public static TextWriter Error { get; } = new StreamWriter(new DescriptorStream(2), Utf8, 4096) { AutoFlush = true, NewLine = "\n" };

    /// <summary>Sends out what is buffered.</summary>
    public static void Flush()
    {
        Text.Flush();
        Out.Flush();
    }
}
