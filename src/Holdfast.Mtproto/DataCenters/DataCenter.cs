namespace Holdfast.Mtproto.DataCenters;

/// <summary>One of Telegram's data centres and where it listens.</summary>
/// <param name="Id">1 to 5 in production.</param>
/// <param name="Host">Address or name.</param>
/// <param name="Port">TCP port.</param>
public sealed record DataCenter(int Id, string Host, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"data centre {Id} ({Host}:{Port})";
}
