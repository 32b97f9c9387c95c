using System.CommandLine;
using Holdfast.Cli.Output;

namespace Holdfast.Cli;

/// <summary>What the global options say, for one command.</summary>
internal sealed class Session
{
    private readonly string? _state;

    private Session(ParseResult parse)
    {
        Json = parse.GetValue(GlobalOptions.Json);
        Verbose = parse.GetValue(GlobalOptions.Verbose);
        Quiet = parse.GetValue(GlobalOptions.Quiet);
        ConfigFile = parse.GetValue(GlobalOptions.Config);
        _state = parse.GetValue(GlobalOptions.State);
    }

    public bool Json { get; }

    public bool Verbose { get; }

    public bool Quiet { get; }

    /// <summary>What --config says, or null.</summary>
    public string? ConfigFile { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The client's name: the host's.</summary>
    public string Client => Environment.MachineName;

    /// <summary>The state folder: --state, or the user's.</summary>
    public string StateFolder => Path.GetFullPath(_state ?? DefaultStateFolder());

    public static Session Of(ParseResult parse) => new(parse);

    /// <summary>The printer for people, or with --json the one for programs.</summary>
    public IPrinter<T> Printer<T>(Func<TextWriter, IPrinter<T>> text, Func<Stream, IPrinter<T>> json) =>
        Json ? json(StandardStreams.Out) : text(Quiet ? TextWriter.Null : StandardStreams.Text);

    /// <summary>https://specifications.freedesktop.org/basedir-spec: $XDG_STATE_HOME, else ~/.local/state.</summary>
    private static string DefaultStateFolder()
    {
        var user = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(user) || !Path.IsPathRooted(user))
            user = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(user, "holdfast");
    }
}
