using System.Text.Encodings.Web;

namespace Holdfast.Mirror.Record;

/// <summary>
/// Leaves every character as it is. Percent-encoded text needs no escape in JSON; the encoders .NET brings escape what they
/// think better not shown (U+2028, everything beyond U+FFFF), and then a shell would read another name.
/// </summary>
internal sealed unsafe class NoEscapes : JavaScriptEncoder
{
    public static NoEscapes Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => 1;

    public override int FindFirstCharacterToEncode(char* text, int textLength) => -1;

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        throw new InvalidOperationException("Nothing is to be escaped.");

    public override bool WillEncode(int unicodeScalar) => false;
}
