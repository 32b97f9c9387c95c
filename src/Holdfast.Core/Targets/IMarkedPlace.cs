namespace Holdfast.Core.Targets;

/// <summary>A place that is no folder of this machine and says itself what its marker says.</summary>
public interface IMarkedPlace
{
    /// <summary>The marker; null when it is no place.</summary>
    /// <exception cref="Model.HoldfastException">It cannot be reached.</exception>
    PlaceMarker? TryReadMarker();
}
