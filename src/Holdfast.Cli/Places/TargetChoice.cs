using Holdfast.Core.Model;

namespace Holdfast.Cli.Places;

/// <summary>From what was typed, a job's name or a target, to the target.</summary>
internal static class TargetChoice
{
    /// <exception cref="HoldfastException">There is no such job, or it has no target that can be read.</exception>
    public static string One(Session session, string place)
    {
        if (TargetOpening.IsTarget(place))
            return place;
        throw new HoldfastException(ErrorKind.Usage, $"'{place}' is neither a target nor a job.", "A target is a layout and a place, for example mirror:/media/usb/backup");
    }
}
