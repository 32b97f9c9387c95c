using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Holdfast.Core.Jobs.Config;

/// <summary>Reads YAML, and JSON as a part of it, into nodes that know their lines. Doubled keys are kept for whoever reads the block.</summary>
internal sealed class YamlTree
{
    private const int Deepest = 50;
    private readonly IParser _parser;
    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);

    private YamlTree(IParser parser) => _parser = parser;

    /// <summary>The whole text.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">As messages call it.</param>
    /// <exception cref="ConfigException">It is not YAML; names the line.</exception>
    public static ConfigNode Parse(string text, string file)
    {
        Parser? parser = null;
        try
        {
            // A tab that indents JSON means nothing, and a string of JSON never holds one; YAML is strict about them.
            if (text.AsSpan().TrimStart() is ['{', ..])
                text = string.Join('\n', text.Split('\n').Select(SpacesForTabs));
            parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
                return new ConfigScalar(1, "", Plain: true);
            var root = new YamlTree(parser).Read(0);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
                throw new SemanticErrorException(second.Start, second.End, "a config is one document; remove the second '---'");
            return root;
        }
        catch (YamlException e)
        {
            throw new ConfigException([YamlProblem.Describe(e, text, file)]);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or NullReferenceException)
        {
            // The parser of YamlDotNet 16 trips over some texts that are not YAML, such as a list that is never closed.
            var line = parser?.Current is { } last ? Convert.ToInt32(last.End.Line, CultureInfo.InvariantCulture) : 1;
            throw new ConfigException([new ConfigProblem(new Sources.Rules.SourceLine(file, line), "this is not YAML: something that began here or above is not closed")]);
        }
    }

    private ConfigNode Read(int depth)
    {
        var at = _parser.Current!;
        if (depth > Deepest)
            throw new SemanticErrorException(at.Start, at.End, "the blocks are nested too deep");
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return _anchors.GetValueOrDefault(alias.Value.Value) ?? throw new SemanticErrorException(at.Start, at.End, $"there is no anchor '&{alias.Value}' above this line");
        // The parser of YamlDotNet 16 ends a block without a value when brackets do not match.
        var anchor = at is NodeEvent begin ? begin.Anchor : throw new SemanticErrorException(at.Start, at.End, "a value is missing here, or something before it is not closed");
        ConfigNode node = _parser.Accept<Scalar>(out _) ? ReadScalar()
            : _parser.Accept<SequenceStart>(out _) ? ReadList(depth)
            : ReadMap(depth);
        if (!anchor.IsEmpty)
            _anchors[anchor.Value] = node;
        return node;
    }

    private ConfigScalar ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        return new ConfigScalar(LineOf(scalar), scalar.Value, scalar.Style is ScalarStyle.Plain);
    }

    private ConfigList ReadList(int depth)
    {
        var line = LineOf(_parser.Consume<SequenceStart>());
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(Read(depth + 1));
        return new ConfigList(line, items);
    }

    private ConfigMap ReadMap(int depth)
    {
        var line = LineOf(_parser.Consume<MappingStart>());
        var entries = new List<ConfigEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
                throw new SemanticErrorException(_parser.Current!.Start, _parser.Current.End, "a key must be a single word");
            entries.Add(new ConfigEntry(LineOf(key), key.Value, Read(depth + 1)));
        }
        return new ConfigMap(line, entries);
    }

    private static int LineOf(ParsingEvent e) => Convert.ToInt32(e.Start.Line, CultureInfo.InvariantCulture);

    private static string SpacesForTabs(string line)
    {
        var text = line.TrimStart('\t', ' ');
        return text.PadLeft(line.Length);
    }
}
