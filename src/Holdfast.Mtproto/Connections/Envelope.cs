using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Connections;

/// <summary>How this program introduces itself to Telegram; a person sees it under "Devices".</summary>
/// <param name="ApiId">From my.telegram.org.</param>
/// <param name="DeviceModel">For example the computer's name.</param>
/// <param name="SystemVersion">For example "Linux".</param>
/// <param name="AppVersion">The program's version.</param>
public sealed record ClientIdentity(int ApiId, string DeviceModel = "Holdfast", string SystemVersion = "1", string AppVersion = "1");

/// <summary>The calls that wrap another one. They are generic in the schema, so they are written by hand.</summary>
internal static class Envelope
{
    public const uint InvokeWithLayer = 0xda9b0d0d;
    public const uint InitConnection = 0xc1cd5ea9;
    public const uint InvokeWithoutUpdates = 0xbf9459b7;
    public const uint InvokeWithTakeout = 0xaca9fd2e;

    /// <summary>Written before the first calls of a session, until one of them is answered.</summary>
    public static void WriteIntroduction(TlWriter w, ClientIdentity identity)
    {
        w.UInt32(InvokeWithLayer);
        w.Int32(TlLayer.Api);
        w.UInt32(InitConnection);
        w.UInt32(0);
        w.Int32(identity.ApiId);
        w.String(identity.DeviceModel);
        w.String(identity.SystemVersion);
        w.String(identity.AppVersion);
        w.String("en");
        w.String("");
        w.String("en");
    }
}

/// <summary>A call inside a takeout session, which has wider limits for bulk export.</summary>
internal sealed record WithTakeout<T>(long TakeoutId, ITlMethod<T> Inner) : ITlMethod<T>
{
    public string Method => Inner.Method;

    public void WriteTo(TlWriter w)
    {
        w.UInt32(Envelope.InvokeWithTakeout);
        w.Int64(TakeoutId);
        Inner.WriteTo(w);
    }

    public T ReadResult(ref TlReader r) => Inner.ReadResult(ref r);
}

/// <summary>A call on a connection that only moves files: no updates are pushed to it.</summary>
internal sealed record WithoutUpdates<T>(ITlMethod<T> Inner) : ITlMethod<T>
{
    public string Method => Inner.Method;

    public void WriteTo(TlWriter w)
    {
        w.UInt32(Envelope.InvokeWithoutUpdates);
        Inner.WriteTo(w);
    }

    public T ReadResult(ref TlReader r) => Inner.ReadResult(ref r);
}
