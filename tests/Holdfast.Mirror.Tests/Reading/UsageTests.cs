using System.Globalization;
using Holdfast.Core.Engine.Measuring;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Reading;

/// <summary>What stats says of random mirrors, against what find(1) counts in copies of the source and among the inodes of the place.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task EverySnapshotHasTheEntriesAndBytesOfTheSourceOfItsTime()
    {
        using var past = await RandomPast.MakeAsync(new Random(RandomSeed.Next()), 6);
        var usage = UsageCount.Of(past.Snapshots, TestContext.Current.CancellationToken);
        foreach (var (seen, (_, copy)) in usage.Snapshots.Zip(past.Times))
        {
            seen.Entries.ShouldBe(Sum("find \"$1\" -printf '1\\n'", copy));
            seen.Bytes.ShouldBe(Sum("find \"$1\" -type f -printf '%s\\n'", copy));
        }
    }

    [Fact]
    public async Task WhatIsStoredIsWhatTheFilesOfThePlaceTakeEachInodeCountedOnce()
    {
        using var past = await RandomPast.MakeAsync(new Random(RandomSeed.Next()), 8);
        var usage = UsageCount.Of(past.Snapshots, TestContext.Current.CancellationToken);
        const string inodes = "cd -- \"$1\"; find mirror increments/*/track -type f -printf '%i %s\\n' | sort -u";
        usage.FilesStored.ShouldBe(Sum(inodes + " | sed 's/.*/1/'", past.Scene.Place));
        usage.BytesStored.ShouldBe(Sum(inodes + " | cut -d' ' -f2", past.Scene.Place));
        usage.BytesDistinct.ShouldBe(Sum(
            """
            cd -- "$1"
            find mirror increments/*/track -type f -printf '%s %p\0' | while IFS= read -rd '' line; do
                printf '%s %s\n' "$(sha256sum < "${line#* }")" "${line%% *}"
            done | sort -u | sed 's/.* //'
            """,
            past.Scene.Place));
        usage.Snapshots.Sum(s => s.BytesAdded).ShouldBe(usage.BytesStored);
    }

    private static long Sum(string script, string folder) =>
        Command.Bash(script, folder).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(n => long.Parse(n, CultureInfo.InvariantCulture));
}
