using System.Text;

namespace Holdfast.Core.Jobs.Notifying;

/// <summary>A shell command that tells people.</summary>
internal sealed class CommandChannel(NotifyCommandOptions options, string folder) : IChannel
{
    public string Name => "command";

    public bool Wants(Notice notice) => notice.IsFor(options.When);

    public async Task SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOLDFAST_JOB"] = notice.Job,
            ["HOLDFAST_OUTCOME"] = notice.Kind.ToString().ToLowerInvariant(),
            ["HOLDFAST_SUBJECT"] = notice.Subject,
        };
        var code = await ShellCommand.RunAsync(options.Run!, folder, variables, Encoding.UTF8.GetBytes(notice.ToJson().ToJsonString()), cancellationToken).ConfigureAwait(false);
        if (code != 0)
            throw new NotToldException($"'{options.Run}' ended with {code}", helpsToTryAgain: true);
    }
}
