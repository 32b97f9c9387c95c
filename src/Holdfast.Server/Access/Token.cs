namespace Holdfast.Server.Access;

/// <summary>A token as the server keeps it: never the token itself, only its hash.</summary>
/// <param name="Name">Whose it is, for people.</param>
/// <param name="Scope">What it may do.</param>
/// <param name="Sha256">SHA-256 of the token's text, 64 hexadecimal digits. The token has 256 random bits, so nothing slower is needed.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it ends, or null.</param>
/// <param name="Quota">Bytes that it may bring into the library; null for any number.</param>
public sealed record Token(string Name, Scope Scope, string Sha256, DateTimeOffset Created, DateTimeOffset? Expires, long? Quota = null);
