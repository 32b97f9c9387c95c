using Holdfast.Stores.S3;
using Holdfast.Testing.Ceph;

[assembly: AssemblyFixture(typeof(Radosgw))]

namespace Holdfast.Stores.Tests.S3;

/// <summary>New empty stores in an engine.</summary>
internal static class S3Buckets
{
    private static int _stores;

    /// <summary>Options for a prefix that nobody used before.</summary>
    public static S3Options New(Radosgw engine, bool encrypted = false) => new()
    {
        Address = S3Address.Parse($"s3:{(encrypted ? engine.Https : engine.Http)}/holdfast-tests/{Environment.ProcessId}-{Interlocked.Increment(ref _stores)}"),
        CredentialsFile = engine.CredentialsFile,
        CaFile = encrypted ? engine.CaFile : null,
    };
}
