using Holdfast.Core.Jobs;

namespace Holdfast.Stores.Decorators;

/// <summary>Moves no more bytes a second than it is allowed to, over all calls together.</summary>
public sealed class ThrottledStore : StoreDecorator
{
    private readonly Pace? _up, _down;

    /// <summary>Puts limits in front of a store.</summary>
    /// <param name="inner">Does the work.</param>
    /// <param name="up">Bytes a second that are put; null for no limit.</param>
    /// <param name="down">Bytes a second that are read; null for no limit.</param>
    /// <param name="time">Whose time passes.</param>
    public ThrottledStore(IStore inner, RateTimetable? up, RateTimetable? down, TimeProvider time)
        : base(inner) => (_up, _down) = (up is { } u ? new Pace(u, time) : null, down is { } d ? new Pace(d, time) : null);

    /// <inheritdoc/>
    public override async Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken)
    {
        var content = await Inner.OpenAsync(name, range, cancellationToken);
        return _down is { } pace ? Through(content, (bytes, token) => pace.TakeAsync(bytes.Length, token)) : content;
    }

    /// <inheritdoc/>
    public override Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken) =>
        Inner.PutAsync(name, _up is { } pace ? body.Through(s => new Streams.ReadThroughStream(s, (bytes, token) => pace.TakeAsync(bytes.Length, token))) : body, condition, cancellationToken);
}
