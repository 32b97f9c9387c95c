namespace Holdfast.Volumes.Codec.Children;

/// <summary>Which programs are run.</summary>
/// <param name="Gpg">GnuPG 2.1 or later.</param>
/// <param name="Xz">XZ Utils 5.2 or later.</param>
internal sealed record ChildPrograms(string Gpg, string Xz)
{
    public static ChildPrograms Usual { get; } = new("gpg", "xz");
}

/// <summary>A program to pipe bytes through.</summary>
/// <param name="Program">Its name or path.</param>
/// <param name="Arguments">Its arguments; never a secret.</param>
/// <param name="Preface">What it is told on its input before anything else.</param>
/// <param name="Explain">From its exit code and what it complained about to an error people can act on.</param>
internal sealed record ChildCommand(string Program, IReadOnlyList<string> Arguments, ReadOnlyMemory<byte> Preface, Func<int, string, Exception> Explain)
{
    /// <summary>A scratch folder to be made for it, whose path is put in the place of this argument.</summary>
    public const string ScratchFolder = "{scratch}";
}
