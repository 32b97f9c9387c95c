using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>Turns what a client attaches into what a message carries.</summary>
internal static class MediaCalls
{
    public static MessageMedia Take(CallContext c, InputMedia media) => media switch
    {
        InputMediaUploadedDocument m => OfDocument(AddDocument(c, m), c.World),
        InputMediaUploadedPhoto m => OfPhoto(AddPhoto(c, m), c.World),
        InputMediaDocument { Id: InputDocument d } => OfDocument(Known(c, d.Id, d.AccessHash, d.FileReference), c.World),
        InputMediaPhoto { Id: InputPhoto p } => OfPhoto(Known(c, p.Id, p.AccessHash, p.FileReference), c.World),
        InputMediaGeoPoint { GeoPoint: InputGeoPoint g } => new MessageMediaGeo { Geo = new GeoPoint { Lat = g.Lat, Long = g.Long, AccessHash = 1 } },
        InputMediaContact m => new MessageMediaContact { PhoneNumber = m.PhoneNumber, FirstName = m.FirstName, LastName = m.LastName, Vcard = m.Vcard },
        _ => throw new RpcFault(400, "MEDIA_INVALID"),
    };

    public static MessageMedia OfDocument(StoredFile file, TelegramWorld world) => new MessageMediaDocument
    {
        Document = file.ToDocument(world.ReferenceOf(file.Id)),
        Voice = file.Attributes.OfType<DocumentAttributeAudio>().Any(a => a.Voice),
        Video = file.Attributes.Any(a => a is DocumentAttributeVideo),
    };

    public static MessageMedia OfPhoto(StoredFile file, TelegramWorld world) => new MessageMediaPhoto { Photo = file.ToPhoto(world.ReferenceOf(file.Id)) };

    private static StoredFile AddDocument(CallContext c, InputMediaUploadedDocument m)
    {
        var upload = c.Server.Uploads.Take(c, m.File);
        var thumbnail = m.Thumb is { } t ? c.Server.Uploads.Take(c, t).Join() : default;
        var attributes = m.Attributes.Any(a => a is DocumentAttributeFilename) || upload.Name.Length == 0 ? m.Attributes : [.. m.Attributes, new DocumentAttributeFilename { FileName = upload.Name }];
        return c.Server.Keep(id => new StoredFile(id, upload.Parts, upload.PartSize, c.Session.Key.DataCenter, c.World.Now, isPhoto: false)
        {
            MimeType = m.MimeType,
            Attributes = attributes,
            Thumbnail = thumbnail,
        });
    }

    private static StoredFile AddPhoto(CallContext c, InputMediaUploadedPhoto m)
    {
        var upload = c.Server.Uploads.Take(c, m.File);
        if (upload.Parts.Sum(p => (long)p.Length) > 10 << 20) throw new RpcFault(400, "PHOTO_INVALID_DIMENSIONS");
        return c.Server.Keep(id => new StoredFile(id, upload.Parts, upload.PartSize, c.Session.Key.DataCenter, c.World.Now, isPhoto: true));
    }

    private static StoredFile Known(CallContext c, long id, long accessHash, ReadOnlyMemory<byte> reference)
    {
        c.World.CheckReference(reference.Span, id);
        return c.World.FileOf(id, accessHash);
    }
}
