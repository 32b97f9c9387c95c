namespace Holdfast.Core.Jobs.Config;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
public static class NearestName
{
    /// <summary>The nearest known name, or null when none is near.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length == 0)
            return null;
        var wanted = Fold(name);
        string? best = null;
        var bestDistance = Math.Max(1, wanted.Length / 3) + 1;
        string? longer = null;
        foreach (var candidate in known)
        {
            var folded = Fold(candidate);
            var distance = Distance(wanted, folded);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
            if (wanted.Length >= 4 && folded.StartsWith(wanted, StringComparison.Ordinal))
                longer ??= candidate;
        }
        return best ?? longer;
    }

    // max-delete, maxDelete and max_delete are one name to a person.
    private static string Fold(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Edits that turn one name into the other; two letters changing places are one edit (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
