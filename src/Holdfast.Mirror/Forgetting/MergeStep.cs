using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Forgetting;

/// <summary>One step of a merge: what becomes of one file of an increment. Doing it again changes nothing.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Member">Which of the intent's members holds the file.</param>
/// <param name="Path">The path, as in the record.</param>
internal sealed record MergeStep(MergeStepKind Kind, int Member, EntryPath Path)
{
    public static IEnumerable<MergeStep> Read(IFolderReader place, EntryPath file)
    {
        using var reader = new StreamReader(new BufferedStream(new FileReadStream(place.OpenFile(file)), 1 << 16), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split('\t', 3);
            if (fields.Length != 3)
                throw new HoldfastException(ErrorKind.Failed, $"'{place.Display}/{file}' is damaged.", "Run 'holdfast check' on the place.");
            yield return new MergeStep(
                Enum.Parse<MergeStepKind>(fields[0]),
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                EntryPath.From(PathText.Decode(Encoding.UTF8.GetBytes(fields[2]))));
        }
    }

    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Kind}\t{Member}\t{PathText.Encode(Path.Bytes)}\n");
}

/// <summary>Kinds of steps, in the order they are done.</summary>
internal enum MergeStepKind
{
    /// <summary>A file of the base's track/ that no snapshot needs any more goes.</summary>
    Drop,

    /// <summary>A file under deleted/ of the increment that stays, whose contents are those of a forgotten snapshot, goes.</summary>
    DropDeleted,

    /// <summary>A file of another member's track/ gets its place in the base's.</summary>
    Move,
}
