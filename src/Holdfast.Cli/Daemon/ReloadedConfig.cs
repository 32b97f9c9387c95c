using Holdfast.Cli.Output;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Daemon;

/// <summary>The config as it is now. One that was broken since is said once, and the one before it stays in use.</summary>
internal sealed class ReloadedConfig(Session session)
{
    private (DateTime, long) _stamp = StampOf(session.Config.File!);

    public HoldfastConfig Current => session.Config;

    /// <summary>Reads it again when the file is another; true when it is.</summary>
    public bool Look()
    {
        var stamp = StampOf(session.Config.File!);
        if (stamp == _stamp)
            return false;
        _stamp = stamp;
        try
        {
            session.Reload();
            return true;
        }
        catch (HoldfastException e)
        {
            ErrorPrinter.Remark(session, $"the config is wrong now, so the one before it stays in use:\n{e.Message}");
            return false;
        }
    }

    /// <summary>What is wrong with the file as it is now; null when nothing is.</summary>
    public string? WhyWrong()
    {
        try
        {
            ConfigLoader.Load(session.Config.File, session.Environment);
            return null;
        }
        catch (HoldfastException e)
        {
            return e.Message;
        }
    }

    private static (DateTime, long) StampOf(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? (info.LastWriteTimeUtc, info.Length) : default;
    }
}
