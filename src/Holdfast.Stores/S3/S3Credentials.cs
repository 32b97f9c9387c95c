using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Holdfast.Core.Model;

namespace Holdfast.Stores.S3;

/// <summary>
/// Finds the keys where every S3 program does: a named profile or file first, then <c>AWS_ACCESS_KEY_ID</c> and
/// <c>AWS_SECRET_ACCESS_KEY</c>, then <c>~/.aws/credentials</c>, then what the machine itself was given.
/// </summary>
internal static class S3Credentials
{
    private const string DefaultProfile = "default";

    public static AWSCredentials Find(S3Options options)
    {
        if (options.Profile is null && options.CredentialsFile is null)
            return Default(options.Address);
        var profile = options.Profile ?? DefaultProfile;
        try
        {
            if (new CredentialProfileStoreChain(options.CredentialsFile).TryGetAWSCredentials(profile, out var found))
                return found;
        }
        catch (Exception e) when (e is AmazonClientException or IOException or UnauthorizedAccessException)
        {
            throw new HoldfastException(ErrorKind.Usage, $"The keys of the profile '{profile}' cannot be read: {e.Message}", "Check the credentials file.", e);
        }
        throw new HoldfastException(
            ErrorKind.Usage,
            $"There is no profile '{profile}' with keys in {(options.CredentialsFile is { } file ? $"'{file}'" : "the credentials file")}.",
            $"It is to say: [{profile}], aws_access_key_id = …, aws_secret_access_key = …");
    }

    private static AWSCredentials Default(S3Address address)
    {
        try
        {
            return DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
        catch (AmazonClientException e)
        {
            throw new HoldfastException(
                ErrorKind.Usage,
                $"There are no keys for {address}.",
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into ~/.aws/credentials, or name a file with credentials_file in the config.",
                e);
        }
    }
}
