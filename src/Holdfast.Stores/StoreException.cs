using System.Diagnostics.CodeAnalysis;
using Holdfast.Core.Model;

namespace Holdfast.Stores;

/// <summary>A store could not do what it was asked: what, of which object, why, and whether trying again helps.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Never without a kind and words.")]
public sealed class StoreException : HoldfastException
{
    /// <summary>Names the failure.</summary>
    public StoreException(StoreErrorKind reason, string message, string? wayOut = null, Exception? inner = null)
        : base(reason == StoreErrorKind.NoStore ? ErrorKind.NoPlace : ErrorKind.Failed, message, wayOut, inner) => Reason = reason;

    /// <summary>Why.</summary>
    public StoreErrorKind Reason { get; }

    /// <summary>True when the same call may succeed a little later.</summary>
    public bool RetryHelps => Reason == StoreErrorKind.Unavailable;

    internal static StoreException NotFound(string store, ObjectName name, Exception? inner = null) =>
        new(StoreErrorKind.NotFound, $"'{name}' is not in {store}.", inner: inner);

    internal static StoreException Exists(string store, ObjectName name, Exception? inner = null) =>
        new(StoreErrorKind.Exists, $"'{name}' is in {store} already.", inner: inner);

    internal static StoreException Short(string store, ObjectName name, string what) => new(StoreErrorKind.Short, $"'{name}' in {store} ends too early: {what}.");

    internal static StoreException OtherLength(string store, ObjectName name, long expected, long got) =>
        new(StoreErrorKind.Failed, $"'{name}' was not put into {store}: it was to have {expected} bytes and had {(got > expected ? "more" : got)}.");

    internal static StoreException TooLarge(string store, ObjectName name, long most) =>
        new(StoreErrorKind.TooLarge, $"'{name}' is larger than the {most} bytes that {store} takes.");
}

/// <summary>Why a store could not.</summary>
public enum StoreErrorKind
{
    /// <summary>For a reason that stays: it makes no sense to try again.</summary>
    Failed,

    /// <summary>For a reason that passes: the network, a busy server, a timeout.</summary>
    Unavailable,

    /// <summary>There is no such object; the store says so itself.</summary>
    NotFound,

    /// <summary>The name is taken.</summary>
    Exists,

    /// <summary>The object ended before all bytes asked for had come.</summary>
    Short,

    /// <summary>The object was replaced while it was read.</summary>
    Changed,

    /// <summary>The store itself is not there: no folder, no bucket.</summary>
    NoStore,

    /// <summary>The key or the user may not do this.</summary>
    Denied,

    /// <summary>The disk or the quota is full.</summary>
    NoSpace,

    /// <summary>The object is larger than the store takes.</summary>
    TooLarge,

    /// <summary>The store cannot do this at all.</summary>
    Unsupported,
}
