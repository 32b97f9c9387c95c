using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Feed;

/// <summary>The abbreviated forms of "new message", written out.</summary>
internal static class ShortUpdates
{
    public static UpdateNewMessage Expand(UpdateShortMessage s, long self) => New(s.Pts, s.PtsCount, new Message
    {
        Id = s.Id, Out = s.Out, Mentioned = s.Mentioned, MediaUnread = s.MediaUnread, Silent = s.Silent, Date = s.Date, MessageText = s.Message,
        FromId = new PeerUser { UserId = s.Out ? self : s.UserId }, PeerId = new PeerUser { UserId = s.UserId },
        FwdFrom = s.FwdFrom, ViaBotId = s.ViaBotId, ReplyTo = s.ReplyTo, Entities = s.Entities, TtlPeriod = s.TtlPeriod,
    });

    public static UpdateNewMessage Expand(UpdateShortChatMessage s) => New(s.Pts, s.PtsCount, new Message
    {
        Id = s.Id, Out = s.Out, Mentioned = s.Mentioned, MediaUnread = s.MediaUnread, Silent = s.Silent, Date = s.Date, MessageText = s.Message,
        FromId = new PeerUser { UserId = s.FromId }, PeerId = new PeerChat { ChatId = s.ChatId },
        FwdFrom = s.FwdFrom, ViaBotId = s.ViaBotId, ReplyTo = s.ReplyTo, Entities = s.Entities, TtlPeriod = s.TtlPeriod,
    });

    private static UpdateNewMessage New(int pts, int count, Message message) => new() { Message = message, Pts = pts, PtsCount = count };
}
