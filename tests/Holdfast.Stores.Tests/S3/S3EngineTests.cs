using Holdfast.Core.Model;
using Holdfast.Stores.Retrying;
using Holdfast.Stores.S3;
using Holdfast.Testing.Ceph;
using Holdfast.Testing.Machines;

namespace Holdfast.Stores.Tests.S3;

/// <summary>What is particular to an S3 engine.</summary>
public sealed class S3EngineTests(Radosgw engine)
{
    private static readonly ObjectName Name = ObjectName.Parse("data/object");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ALargeObjectIsPutInPartsAndReadBySomebodyElse()
    {
        Peer.Require("curl");
        var bytes = Bytes(50_000_000);
        var options = S3Buckets.New(engine) with { StorageClass = "STANDARD" };
        await using var store = await S3Store.CreateAsync(options, Token);
        await store.PutAsync(Name, ObjectBody.Once(new MemoryStream(bytes)), PutCondition.Replace, Token);

        var address = new Uri(options.Address.Endpoint, $"{options.Address.Bucket}/{options.Address.Prefix}/{Name}");
        using var folder = new TemporaryFolder("/dev/shm");
        var keys = folder.File("keys", $"user = \"{engine.AccessKey}:{engine.SecretKey}\"\n");
        Command.Must("curl", "-sf", "-K", keys, "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", "--aws-sigv4", "aws:amz:us-east-1:s3", "-o", folder["got"], address.ToString());
        File.ReadAllBytes(folder["got"]).ShouldBe(bytes);
    }

    [Fact]
    public async Task ALargeObjectNeverReplacesOneThatMustStay()
    {
        await using var store = await S3Store.CreateAsync(S3Buckets.New(engine), Token);
        await store.PutAsync(Name, ObjectBody.Of(Bytes(20_000_000)), PutCondition.IfAbsent, Token);
        // Another one appears between the look and the put: while the body is being read.
        var late = ObjectName.Parse("data/late");
        var body = ObjectBody.Once(new HookStream(new MemoryStream(Bytes(40_000_000)), at: 30_000_000, () => store.PutAsync(late, ObjectBody.Of(new byte[] { 7 }), PutCondition.Replace, Token)), 40_000_000);
        (await Should.ThrowAsync<StoreException>(() => store.PutAsync(late, body, PutCondition.IfAbsent, Token))).Reason.ShouldBe(StoreErrorKind.Exists);
        (await store.ReadAllAsync(late, 100, Token)).ShouldBe([7]);
    }

    [Theory]
    [InlineData(PutCondition.Replace)]
    [InlineData(PutCondition.IfAbsent)]
    public async Task ALargeBodyThatBreaksOffLeavesNothingNotEvenParts(PutCondition condition)
    {
        var options = S3Buckets.New(engine);
        await using var store = await S3Store.CreateAsync(options, Token);
        var body = ObjectBody.Once(new Conformance.BreakingStream(40_000_000, () => new InvalidDataException("the source broke")), 50_000_000);
        await Should.ThrowAsync<InvalidDataException>(() => store.PutAsync(Name, body, condition, Token));
        (await store.ListAsync(null, Token).ToListAsync(Token)).ShouldBeEmpty();
        using var bucket = new S3Bucket(options);
        var uploads = await bucket.CallAsync(null, (s3, p) => s3.ListMultipartUploadsAsync(new Amazon.S3.Model.ListMultipartUploadsRequest { BucketName = bucket.Name, Prefix = bucket.Prefix }, p.Token), Token);
        (uploads.MultipartUploads ?? []).ShouldBeEmpty();
    }

    [Fact]
    public async Task AListOfMoreThanAPageIsWhole()
    {
        await using var store = await S3Store.CreateAsync(S3Buckets.New(engine), Token);
        await Parallel.ForEachAsync(Enumerable.Range(0, 1100), Token, async (i, _) => await store.PutAsync(ObjectName.Parse($"d/{i}"), ObjectBody.Of(new byte[1]), PutCondition.Replace, Token));
        (await store.ListAsync(null, Token).ToListAsync(Token)).Select(o => o.Name.Text).ShouldBe(Enumerable.Range(0, 1100).Select(i => $"d/{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task AMissingBucketIsNeverAnEmptyList()
    {
        var there = S3Buckets.New(engine);
        await using (await S3Store.CreateAsync(there, Token))
        {
        }
        var missing = there with { Address = there.Address with { Bucket = "no-such-bucket" } };
        (await Should.ThrowAsync<StoreException>(() => S3Store.OpenAsync(missing, Token))).ShouldSatisfyAllConditions(
            e => e.Reason.ShouldBe(StoreErrorKind.NoStore), e => e.Kind.ShouldBe(ErrorKind.NoPlace));
    }

    [Fact]
    public async Task ABucketThatGoesAwayIsNeverAMissingObject()
    {
        var options = S3Buckets.New(engine);
        options = options with { Address = options.Address with { Bucket = $"holdfast-gone-{Environment.ProcessId}" } };
        await using var store = await S3Store.CreateAsync(options, Token);
        using (var bucket = new S3Bucket(options))
            await bucket.CallAsync(null, (s3, p) => s3.DeleteBucketAsync(bucket.Name, p.Token), Token);
        (await Should.ThrowAsync<StoreException>(() => store.TryStatAsync(Name, Token))).Reason.ShouldBe(StoreErrorKind.NoStore);
        (await Should.ThrowAsync<StoreException>(() => store.ListAsync(null, Token).ToListAsync(Token).AsTask())).Reason.ShouldBe(StoreErrorKind.NoStore);
        (await Should.ThrowAsync<StoreException>(() => store.OpenAsync(Name, ByteRange.All, Token))).Reason.ShouldBe(StoreErrorKind.NoStore);
    }

    [Fact]
    public async Task OnlyACertificateOfTheNamedSignerIsTrusted()
    {
        var options = S3Buckets.New(engine, encrypted: true);
        await using (var store = await S3Store.CreateAsync(options, Token))
        {
            await store.PutAsync(Name, ObjectBody.Of(Bytes(20_000_000)), PutCondition.IfAbsent, Token);
            (await store.ReadAllAsync(Name, int.MaxValue, Token)).ShouldBe(Bytes(20_000_000));
        }
        var error = await Should.ThrowAsync<StoreException>(() => S3Store.OpenAsync(options with { CaFile = null }, Token));
        error.Reason.ShouldBe(StoreErrorKind.Denied);
        error.Message.ShouldContain("ca_file");
    }

    [Fact]
    public async Task AWrongKeyIsSaidToBeOneAndIsNotTriedAgain()
    {
        var error = await Should.ThrowAsync<StoreException>(() => S3Store.OpenAsync(S3Buckets.New(engine) with { Profile = "wrong" }, Token));
        error.Reason.ShouldBe(StoreErrorKind.Denied);
        error.RetryHelps.ShouldBeFalse();
        error.Message.ShouldNotContain("nonsense");
    }

    [Fact]
    public async Task AMissingProfileAndAMissingCertificateFileAreNamed()
    {
        var options = S3Buckets.New(engine);
        (await Should.ThrowAsync<HoldfastException>(() => S3Store.OpenAsync(options with { Profile = "nobody" }, Token))).Message.ShouldContain("'nobody'");
        (await Should.ThrowAsync<HoldfastException>(() => S3Store.OpenAsync(options with { CaFile = "/nowhere.pem" }, Token))).Message.ShouldContain("/nowhere.pem");
    }

    [Fact]
    public async Task AnEngineThatDoesNotAnswerIsTriedAgainLater()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var options = S3Buckets.New(engine) with
        {
            Address = S3Address.Parse($"s3:http://{silent.LocalEndpoint}/bucket"),
            Patience = TimeSpan.FromMilliseconds(200),
            Backoff = new Backoff { Tries = 1 },
        };
        (await Should.ThrowAsync<StoreException>(() => S3Store.OpenAsync(options, Token))).Reason.ShouldBe(StoreErrorKind.Unavailable);
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
