using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Core.Model;

namespace Holdfast.Volumes;

/// <summary>The name of a volume: <c>000042-20261120T020000Z.tar.zst.gpg</c>.</summary>
/// <param name="Number">Its number in the place; volumes are numbered without a gap, and order comes from here.</param>
/// <param name="Time">When its run began.</param>
/// <param name="Suffix">What follows <c>.tar</c>.</param>
internal sealed partial record VolumeName(long Number, DateTimeOffset Time, string Suffix)
{
    private const string TimeForm = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Number and time: what a snapshot is called.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Number:D6}-{Time.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture)}");

    /// <summary>As a path of the place.</summary>
    public EntryPath Path => EntryPath.From(ToString());

    /// <inheritdoc/>
    public override string ToString() => $"{Id}.tar{Suffix}";

    /// <summary>Reads a name; null when it is no volume's.</summary>
    public static VolumeName? TryParse(string name) =>
        Form().Match(name) is { Success: true } match
        && DateTimeOffset.TryParseExact(match.Groups["time"].Value, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new VolumeName(long.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture), time, match.Groups["suffix"].Value)
            : null;

    [GeneratedRegex(@"^(?<number>[0-9]{6,18})-(?<time>[0-9]{8}T[0-9]{6}Z)\.tar(?<suffix>(\.zst|\.xz)?(\.gpg)?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
