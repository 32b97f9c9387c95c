using Holdfast.Cli.Safe;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Places;

/// <summary>The token for a library server: from the job's token_file, or from HOLDFAST_TOKEN.</summary>
internal static class LibraryToken
{
    /// <exception cref="HoldfastException">There is none.</exception>
    public static string Read(string? file)
    {
        if (file is null)
            return Environment.GetEnvironmentVariable("HOLDFAST_TOKEN") is { Length: > 0 } token
                ? token
                : Question.Secret("token of the library's server") ?? throw new HoldfastException(ErrorKind.Usage, "the library's server needs a token.", "Name the file that holds it with token_file, or set HOLDFAST_TOKEN.");
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the token cannot be read: {e.Message}", "token_file names the file that holds it.", e);
        }
    }
}
