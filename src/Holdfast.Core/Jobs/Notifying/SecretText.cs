using Holdfast.Core.Model;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>Secrets from where the config says they are (promise 10). Read at each use, so that a changed one needs no restart.</summary>
internal static class SecretText
{
    /// <summary>The first line of a file.</summary>
    /// <exception cref="NotToldException">It cannot be read, or is empty.</exception>
    public static string OfFile(string path)
    {
        try
        {
            return FirstLine(File.ReadAllText(path)) ?? throw new NotToldException($"'{path}' is empty; a secret should stand in it", helpsToTryAgain: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotToldException($"cannot read the secret: {e.Message}", helpsToTryAgain: false, e);
        }
    }

    /// <summary>An environment variable.</summary>
    /// <exception cref="NotToldException">It is not set.</exception>
    public static string OfVariable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : throw new NotToldException($"the environment variable {name} is not set", helpsToTryAgain: false);

    /// <summary>The first line a command prints.</summary>
    /// <exception cref="NotToldException">It failed, or printed nothing.</exception>
    public static async Task<string> OfCommandAsync(string command, string folder, CancellationToken cancellationToken)
    {
        try
        {
            return FirstLine(await ShellCommand.ReadAsync(command, folder, cancellationToken).ConfigureAwait(false))
                ?? throw new NotToldException($"the command '{command}' printed no secret", helpsToTryAgain: false);
        }
        catch (HoldfastException e) when (e is not NotToldException)
        {
            throw new NotToldException(e.Message, helpsToTryAgain: true, e);
        }
    }

    private static string? FirstLine(string text) => text.Split('\n')[0].TrimEnd('\r') is { Length: > 0 } line ? line : null;
}
