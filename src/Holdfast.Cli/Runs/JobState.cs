using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Jobs;

namespace Holdfast.Cli.Runs;

/// <summary>Where the state folder keeps what belongs to one job.</summary>
internal static class JobState
{
    /// <summary>A folder of its own for every job; a typed job is known by what was typed.</summary>
    public static string Folder(string stateFolder, Job job)
    {
        var name = job.IsAdHoc ? "typed-" + Hash(job.From.Concat(job.To.Select(t => t.ToString()))) : Uri.EscapeDataString(job.Name);
        return Path.Combine(stateFolder, "jobs", name);
    }

    private static string Hash(IEnumerable<string> words) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', words))))[..16];
}
