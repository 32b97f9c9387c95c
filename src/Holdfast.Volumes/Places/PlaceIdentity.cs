using System.Text;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Volumes.Places;

/// <summary>Whether a place is the one that is meant (promise 8).</summary>
internal static class PlaceIdentity
{
    public const string Layout = "volumes";

    private const string Former = "former-ids";

    /// <summary>The ids the place's volumes may name: its own, and those it had before it was given another.</summary>
    public static IReadOnlyCollection<string> IdsOf(IVolumePlace place, PlaceMarker marker) =>
        [marker.Id, .. Encoding.UTF8.GetString(place.TryReadNote(Former) ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Takes note of an id before the place gets another.</summary>
    public static void NoteFormer(IVolumePlace place, PlaceMarker marker) =>
        place.WriteNote(Former, Encoding.UTF8.GetBytes(string.Concat(IdsOf(place, marker).Distinct().Select(id => id + "\n"))));

    public static void RequireSame(PlaceMarker marker, RunRequest request, string name)
    {
        if (marker.Layout != Layout)
            throw OtherLayout(marker, name);
        if (request.PlaceId is { } id && id != marker.Id)
            throw new HoldfastException(
                ErrorKind.NoPlace,
                $"{name} is the place {marker.Id}, but the job '{request.Job}' belongs to {id}. Is another disk mounted here?",
                "Mount the right disk, or correct 'place:' in the config.");
        if (marker.Client != request.Client)
            throw Other(name, $"client '{marker.Client}' (this is '{request.Client}')", request);
        if (!marker.Sources.Order(StringComparer.Ordinal).SequenceEqual(request.Sources.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            throw Other(name, $"source {string.Join(", ", marker.Sources)} (not {string.Join(", ", request.Sources)})", request);
    }

    public static HoldfastException OtherLayout(PlaceMarker marker, string name) => new(ErrorKind.NoPlace, $"{name} is a place with the layout '{marker.Layout}', not one for volumes.");

    private static HoldfastException Other(string name, string whose, RunRequest request) => new(
        ErrorKind.NoPlace,
        $"{name} holds the copies of another {whose}.",
        request.IsAdHoc
            ? "Name another place."
            : $"Another job needs another place. If this place is to go on with the new source, type: holdfast init {request.Job} --adopt");
}
