using System.Globalization;

namespace Holdfast.Mtproto.Tl;

/// <summary>Bytes that are not what the schema says: damaged, hostile, or of a newer layer.</summary>
public sealed class TlException : Exception
{
    /// <summary>An error with a text.</summary>
    /// <param name="message">What was wrong.</param>
    public TlException(string message) : base(message)
    {
    }

    internal static TlException Unknown(uint id, string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Telegram sent constructor 0x{id:x8} where a {expected} belongs; the schema of this version (layer {TlLayer.Api}) does not know it."));
}
