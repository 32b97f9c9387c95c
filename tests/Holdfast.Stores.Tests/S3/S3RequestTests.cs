using Holdfast.Stores.S3;
using Holdfast.Testing.Ceph;

namespace Holdfast.Stores.Tests.S3;

/// <summary>What an engine is really sent.</summary>
public sealed class S3RequestTests(Radosgw engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("STANDARD", 100)]
    [InlineData("STANDARD", 40_000_000)]
    [InlineData(null, 100)]
    [InlineData(null, 40_000_000)]
    public async Task TheStorageClassGoesWithEveryNewObjectWholeOrInParts(string? storageClass, int length)
    {
        using var relay = new RecordingRelay(engine.Http);
        var options = S3Buckets.New(engine);
        options = options with { Address = S3Address.Parse($"s3:{relay.Url}/{options.Address.Bucket}/{options.Address.Prefix}"), StorageClass = storageClass };
        await using var store = await S3Store.CreateAsync(options, Token);
        var bytes = new byte[length];
        await store.PutAsync(ObjectName.Parse("data/object"), ObjectBody.Of(bytes), PutCondition.Replace, Token);
        (await store.ReadAllAsync(ObjectName.Parse("data/object"), int.MaxValue, Token)).ShouldBe(bytes);

        // The part of a large object has the class of its upload.
        var begun = relay.Writes.Where(w => w.Contains("data/object", StringComparison.Ordinal) && !w.Contains("partNumber", StringComparison.Ordinal) && !w.Contains("uploadId", StringComparison.Ordinal)).ToList();
        begun.Count.ShouldBe(1);
        begun[0].Contains("?uploads", StringComparison.Ordinal).ShouldBe(length > 16 << 20);
        if (storageClass is null)
            begun[0].ShouldNotContain("x-amz-storage-class", Case.Insensitive);
        else
            begun[0].ShouldContain($"x-amz-storage-class: {storageClass}\r\n", Case.Insensitive);
    }

    [Fact]
    public async Task AClassTheEngineDoesNotHaveIsAnErrorThatDoesNotPass()
    {
        await using var store = await S3Store.CreateAsync(S3Buckets.New(engine) with { StorageClass = "NO_SUCH_CLASS" }, Token);
        var error = await Should.ThrowAsync<StoreException>(() => store.PutAsync(ObjectName.Parse("data/object"), ObjectBody.Of(new byte[5]), PutCondition.Replace, Token));
        // Ceph 16 says no more than "InvalidArgument".
        error.Reason.ShouldBeOneOf(StoreErrorKind.Unsupported, StoreErrorKind.Failed);
        error.RetryHelps.ShouldBeFalse();
    }
}
