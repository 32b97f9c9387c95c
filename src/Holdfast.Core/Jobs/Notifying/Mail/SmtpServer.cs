using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Core.Jobs.Notifying.Mail;

/// <summary>How a connection is sealed.</summary>
internal enum SmtpTls
{
    /// <summary>After the greeting, by STARTTLS (RFC 3207).</summary>
    StartTls,

    /// <summary>From the first byte, as on port 465 (RFC 8314).</summary>
    Implicit,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>A mail server and how it is reached.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="Tls">How the connection is sealed.</param>
/// <param name="Ca">The file (PEM) of those whose certificates are trusted; null for the system's.</param>
/// <param name="Patience">How long each answer may take.</param>
internal sealed record SmtpServer(string Host, int Port, SmtpTls Tls, string? Ca, TimeSpan Patience)
{
    /// <summary>What a connection to it has to prove: a certificate for its name from somebody who is trusted.</summary>
    /// <exception cref="NotToldException"><see cref="Ca"/> cannot be read.</exception>
    public SslClientAuthenticationOptions Trust()
    {
        var options = new SslClientAuthenticationOptions { TargetHost = Host };
        if (Ca is null)
            return options;
        options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(Ca);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new NotToldException($"cannot read the certificates in 'ca': {e.Message}", helpsToTryAgain: false, e);
        }
        return options.CertificateChainPolicy.CustomTrustStore.Count > 0 ? options : throw new NotToldException($"there is no certificate in '{Ca}'; 'ca' names a file in PEM", helpsToTryAgain: false);
    }

    /// <summary>Does something, and gives up when it takes too long.</summary>
    /// <exception cref="TimeoutException">It did.</exception>
    public async Task WithinAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await step(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"it did not answer within {Duration.Format(Patience)}", e);
        }
    }
}
