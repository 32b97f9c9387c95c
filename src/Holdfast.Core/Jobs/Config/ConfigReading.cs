using Holdfast.Core.Sources.Rules;

namespace Holdfast.Core.Jobs.Config;

/// <summary>Where reading a config file stands: what relative values are relative to, what is being read, what was wrong so far.</summary>
internal sealed record ConfigReading
{
    /// <summary>The file as messages call it.</summary>
    public required string File { get; init; }

    /// <summary>The folder relative paths are relative to.</summary>
    public required string Folder { get; init; }

    /// <summary>Home, variables, host.</summary>
    public required ConfigEnvironment Environment { get; init; }

    /// <summary>All problems so far; shared by all readings of one file.</summary>
    public List<ConfigProblem> Problems { get; } = [];

    /// <summary>The block of keys being read, for messages: "job 'documents'"; null for the file itself.</summary>
    public string? Block { get; init; }

    /// <summary>The key being read, for messages.</summary>
    public string Key { get; init; } = "";

    /// <summary>True for a value that was typed and stands in no file: whoever asked for it names it.</summary>
    public bool IsTyped { get; init; }

    /// <summary>"'workers' in job 'documents'".</summary>
    public string Subject => Block is null ? $"'{Key}'" : $"'{Key}' in {Block}";

    /// <summary>" in job 'documents'", or nothing.</summary>
    public string InBlock => Block is null ? "" : $" in {Block}";

    /// <summary>Reads a block of its own under the key being read: "keep of job 'documents'".</summary>
    public ConfigReading Inside(string block) => this with { Block = Block is null ? block : $"{block} of {Block}" };

    /// <summary>The line, as rules and messages name it.</summary>
    public SourceLine At(int line) => new(File, line);

    /// <summary>Notes a problem.</summary>
    public void Report(int line, string text) => Problems.Add(new ConfigProblem(At(line), text));
}
