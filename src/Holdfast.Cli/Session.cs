using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Jobs.Reports;

namespace Holdfast.Cli;

/// <summary>What the global options say, for one command. The config is read when it is first asked for.</summary>
internal sealed class Session
{
    /// <summary>The environment variable that names the state folder of the daemon that started this process.</summary>
    public const string DaemonVariable = "HOLDFAST_DAEMON";

    private readonly string? _state;
    private readonly Lazy<StoreOptions?> _store;
    private Lazy<HoldfastConfig> _config;

    private Session(ParseResult parse, CancellationToken interruption)
    {
        Interruption = interruption;
        Json = parse.GetValue(GlobalOptions.Json);
        Verbose = parse.GetValue(GlobalOptions.Verbose);
        Quiet = parse.GetValue(GlobalOptions.Quiet);
        ConfigFile = parse.GetValue(GlobalOptions.Config);
        _state = parse.GetValue(GlobalOptions.State);
        PassphraseFile = parse.GetValue(Commands.ReadingOptions.PassphraseFile);
        _store = new Lazy<StoreOptions?>(() => Runs.StoreFlags.Of(parse, Environment));
        _config = new Lazy<HoldfastConfig>(() => ConfigLoader.Load(ConfigFile, Environment));
    }

    public bool Json { get; }

    public bool Verbose { get; }

    public bool Quiet { get; }

    /// <summary>What --config says, or null.</summary>
    public string? ConfigFile { get; }

    /// <summary>What --gpg-passphrase-file says, or null.</summary>
    public string? PassphraseFile { get; }

    /// <summary>Ctrl-C, or whatever else asks the command to end.</summary>
    public CancellationToken Interruption { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>The machine and the process. The launcher's folder counts as the program's, wherever the build lies.</summary>
    public ConfigEnvironment Environment { get; } =
        System.Environment.GetEnvironmentVariable("HOLDFAST_PROGRAM_DIR") is { Length: > 0 } folder
            ? ConfigEnvironment.OfProcess() with { ProgramFolder = folder }
            : ConfigEnvironment.OfProcess();

    /// <summary>The config; an empty one when there is none.</summary>
    public HoldfastConfig Config => _config.Value;

    /// <summary>Adds to the log, when the config names a folder for it. A config that was not read, or is wrong, has no log.</summary>
    public void Log(LogLevel level, string message)
    {
        if (_config.IsValueCreated && Config.Log is { Folder: not null } options)
            new LogFile(options, Time).Write(level, message);
    }

    /// <summary>Reads the config again.</summary>
    /// <exception cref="ConfigException">Something is wrong in it; the one before it stays.</exception>
    public void Reload()
    {
        var config = ConfigLoader.Load(Config.File, Environment);
        _config = new Lazy<HoldfastConfig>(config);
    }

    /// <summary>The state folder: --state, or the config's.</summary>
    public string StateFolder => _state is null ? Config.StateFolder : Path.GetFullPath(_state);

    /// <summary>True when a daemon with this state folder started this process: it tells people for us.</summary>
    public bool IsUnderDaemon => System.Environment.GetEnvironmentVariable(DaemonVariable) is { Length: > 0 } state && state == StateFolder;

    /// <summary>What a job says of a layout, with what was typed on top.</summary>
    /// <exception cref="Core.Model.HoldfastException">What was typed means nothing.</exception>
    public LayoutOptions OnTop(LayoutOptions layout) => layout with
    {
        GpgPassphraseFile = PassphraseFile is null ? layout.GpgPassphraseFile : Path.GetFullPath(PassphraseFile),
        Store = _store.Value?.Over(layout.Store) ?? layout.Store,
    };

    public static Session Of(ParseResult parse, CancellationToken interruption = default) => new(parse, interruption);

    /// <summary>The printer for people, or with --json the one for programs.</summary>
    public IPrinter<T> Printer<T>(Func<TextWriter, IPrinter<T>> text, Func<Stream, IPrinter<T>> json) => Json ? json(StandardStreams.Out) : text(Text);

    /// <summary>Standard output for people; with -q it goes nowhere.</summary>
    public TextWriter Text => Quiet ? TextWriter.Null : StandardStreams.Text;
}
