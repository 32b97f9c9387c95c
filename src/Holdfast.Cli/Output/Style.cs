namespace Holdfast.Cli.Output;

/// <summary>Colours where they are wanted (ECMA-48 SGR), nothing elsewhere.</summary>
internal readonly record struct Style(bool IsOn)
{
    public string Red(string text) => Wrap("31", text);

    public string Yellow(string text) => Wrap("33", text);

    public string Bold(string text) => Wrap("1", text);

    private string Wrap(string code, string text) => IsOn ? $"\e[{code}m{text}\e[0m" : text;
}
