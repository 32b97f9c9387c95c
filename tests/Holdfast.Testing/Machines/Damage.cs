namespace Holdfast.Testing.Machines;

/// <summary>What a disk that goes bad does to a file.</summary>
public static class Damage
{
    /// <summary>Flips one bit of one byte; the time stays as it was, to the nanosecond.</summary>
    public static void Flip(string file, long position)
    {
        using var temporary = new TemporaryFolder();
        Command.Must("touch", "-r", file, temporary["time"]);
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = position;
            var was = stream.ReadByte();
            stream.Position = position;
            stream.WriteByte((byte)(was ^ 1));
        }
        Command.Must("touch", "-m", "-r", temporary["time"], file);
    }
}
