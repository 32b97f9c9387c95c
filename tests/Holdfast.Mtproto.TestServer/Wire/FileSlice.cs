using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Wire;

/// <summary>upload.file whose bytes lie in several places.</summary>
internal sealed record FileSlice(StorageFileType Type, int Mtime, IReadOnlyList<ReadOnlyMemory<byte>> Pieces) : ITlObject
{
    private const uint Id = 0x096a18d5;
    private const int ShortForm = 254;

    public void WriteTo(TlWriter w)
    {
        var length = Pieces.Sum(p => p.Length);
        w.Expect(length + 1024);
        w.UInt32(Id);
        Type.WriteTo(w);
        w.Int32(Mtime);
        // The head of a string, https://core.telegram.org/mtproto/serialize#base-types.
        if (length < ShortForm) w.Reserve(1)[0] = (byte)length;
        else w.UInt32((uint)length << 8 | ShortForm);
        foreach (var piece in Pieces) w.Raw(piece.Span);
        w.Reserve(-(length < ShortForm ? length + 1 : length) & 3).Clear();
    }
}
