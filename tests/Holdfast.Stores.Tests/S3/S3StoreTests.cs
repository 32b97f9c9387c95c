using Holdfast.Stores.S3;
using Holdfast.Stores.Tests.Conformance;
using Holdfast.Testing.Ceph;

namespace Holdfast.Stores.Tests.S3;

public sealed class S3StoreTests(Radosgw engine) : StoreConformance
{
    protected override async Task<IStore> OpenAsync() => await S3Store.CreateAsync(S3Buckets.New(engine), Token);
}
