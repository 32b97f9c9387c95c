namespace Holdfast.Cli.Daemon;

/// <summary>What the machine runs on, as Linux tells (Documentation/ABI/testing/sysfs-class-power).</summary>
internal static class PowerSupply
{
    private const string Usual = "/sys/class/power_supply";

    /// <summary>True when a battery of the machine itself drains and nothing feeds it. Unknown is false: a backup too many is better than none.</summary>
    public static bool IsBattery(string folder = Usual)
    {
        try
        {
            var supplies = Directory.GetDirectories(folder).Where(s => Read(s, "scope") is not "Device").ToList(); // A mouse has a battery as well.
            var isFed = supplies.Exists(s => Read(s, "type") is not "Battery" && Read(s, "online") is "1");
            return !isFed && supplies.Exists(s => Read(s, "type") is "Battery" && Read(s, "status") is "Discharging");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Read(string supply, string name)
    {
        var file = Path.Combine(supply, name);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }
}
