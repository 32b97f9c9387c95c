namespace Holdfast.Core.Model;

/// <summary>One extended attribute: name with its namespace (<c>user.comment</c>) and value, both bytes.</summary>
public sealed record ExtendedAttribute(byte[] Name, byte[] Value);
