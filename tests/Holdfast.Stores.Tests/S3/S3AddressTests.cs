using Holdfast.Stores.S3;

namespace Holdfast.Stores.Tests.S3;

public sealed class S3AddressTests
{
    [Theory]
    [InlineData("s3:https://s3.example.org/bucket/laptop", "https://s3.example.org/", "bucket", "laptop")]
    [InlineData("s3:s3.example.org/bucket", "https://s3.example.org/", "bucket", "")]
    [InlineData("s3:http://127.0.0.1:9000/my.bucket/a/b/", "http://127.0.0.1:9000/", "my.bucket", "a/b")]
    [InlineData("s3://s3.example.org/bucket", "https://s3.example.org/", "bucket", "")]
    public void AnAddressSaysEngineBucketAndPrefix(string text, string endpoint, string bucket, string prefix)
    {
        var address = S3Address.Parse(text);
        address.ShouldSatisfyAllConditions(a => a.Endpoint.ToString().ShouldBe(endpoint), a => a.Bucket.ShouldBe(bucket), a => a.Prefix.ShouldBe(prefix));
        S3Address.Parse(address.ToString()).ShouldBe(address);
    }

    [Theory]
    [InlineData("s3:", "no address")]
    [InlineData("s3:https://s3.example.org", "names no bucket")]
    [InlineData("s3:https://s3.example.org/B!", "'B!'")]
    [InlineData("s3:https://s3.example.org/bucket/a b", "'a%20b'")]
    [InlineData("s3:https://key:secret@s3.example.org/bucket", "holds no keys")]
    [InlineData("s3:https://s3.example.org/bucket?x=1", "'?'")]
    [InlineData("rest:https://s3.example.org/bucket", "no address")]
    public void WhatIsNoneIsNamed(string text, string says)
    {
        var message = Should.Throw<FormatException>(() => S3Address.Parse(text)).Message;
        message.ShouldContain(says);
        message.ShouldNotContain("secret");
    }
}
