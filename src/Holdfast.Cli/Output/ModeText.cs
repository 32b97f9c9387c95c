using Holdfast.Core.Model;

namespace Holdfast.Cli.Output;

/// <summary>Type and permissions as <c>ls -l</c> writes them (POSIX ls, "long format").</summary>
internal static class ModeText
{
    private const int SetUser = 0x800, SetGroup = 0x400, Sticky = 0x200;

    public static string Of(EntryType type, int mode) => string.Create(10, (type, mode), static (text, of) =>
    {
        text[0] = Letter(of.type);
        for (var i = 0; i < 9; i++)
            text[i + 1] = (of.mode & (0x100 >> i)) != 0 ? "rwx"[i % 3] : '-';
        Mark(text, 3, of.mode & SetUser, 's', 'S');
        Mark(text, 6, of.mode & SetGroup, 's', 'S');
        Mark(text, 9, of.mode & Sticky, 't', 'T');
    });

    private static void Mark(Span<char> text, int at, int bit, char withExecute, char without)
    {
        if (bit != 0)
            text[at] = text[at] == 'x' ? withExecute : without;
    }

    private static char Letter(EntryType type) => type switch
    {
        EntryType.Folder => 'd',
        EntryType.Symlink => 'l',
        EntryType.Fifo => 'p',
        EntryType.Socket => 's',
        EntryType.CharDevice => 'c',
        EntryType.BlockDevice => 'b',
        _ => '-',
    };
}
