using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Core.Jobs.Config;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs;

public class ConfigSchemaTests
{
    [Fact]
    public void TheSchemaHasExactlyTheKeysOfTheTable()
    {
        var blocks = ConfigSchema.ToJson()["$defs"]!.AsObject();

        blocks.Select(b => b.Key).ShouldBe(ConfigKeys.Blocks);
        foreach (var (name, block) in blocks)
            block!["properties"]!.AsObject().Select(p => p.Key).ShouldBe(ConfigKeys.Of(name).Select(k => k.Name));
    }

    [Fact]
    public void EveryExampleOfTheTableLoads()
    {
        foreach (var key in ConfigKeys.Of("job").Where(k => k.Name is not "from" and not "to"))
        {
            var target = key.For.Count == 0 ? "mirror" : key.For[0].ToString().ToLowerInvariant();
            Sample.Load($"jobs:\n  a:\n    from: {(target is "archive" ? "telegram" : "x")}\n    to: {target}:/y\n    {key.Name}: {key.Example}\n").Jobs.Count.ShouldBe(1);
        }
        foreach (var block in new[] { "keep", "store", "log", "defaults", "file" })
            foreach (var key in ConfigKeys.Of(block).Where(k => k.Name is not "jobs"))
                Sample.Load($"{In(block, key)}\njobs: {{a: {{from: x, to: 'mirror:y'}}}}\n").Jobs.Count.ShouldBe(1);

        static string In(string block, ConfigKey key) => block switch
        {
            "file" => $"{key.Name}: {key.Example}",
            "keep" when key.Name is "tags" => $"defaults:\n  keep:\n    last: 1\n    {key.Name}: {key.Example}",
            "keep" or "store" => $"defaults:\n  {block}:\n    {key.Name}: {key.Example}",
            _ => $"{block}:\n  {key.Name}: {key.Example}",
        };
    }

    [Fact]
    public void AnIndependentValidatorAcceptsTheSampleAndRefusesAMisspeltKey()
    {
        const string script = """
            import json, sys
            try:
                import jsonschema
            except ImportError:
                print("absent"); sys.exit()
            schema, good, bad = json.load(sys.stdin)
            jsonschema.Draft202012Validator.check_schema(schema)
            check = jsonschema.Draft202012Validator(schema)
            check.validate(good)
            print([e.message for e in check.iter_errors(bad)])
            """;
        var good = ConfigPrinter.ToJson(Sample.Load(Sample.Design));
        var bad = good.DeepClone();
        bad["jobs"]!["documents"]!["trak"] = "x";
        var input = Encoding.UTF8.GetBytes(new JsonArray(ConfigSchema.ToJson(), good, bad).ToJsonString());

        var run = Command.Run("python3", ["-W", "ignore", "-c", script], input);
        if (run.Text.StartsWith("absent", StringComparison.Ordinal))
            Peer.Missing("python3-jsonschema is not installed");
        run.ErrorText.ShouldBe("");
        run.Text.ShouldContain("'trak' was unexpected");
    }

    /// <summary>After a change of the keys: HOLDFAST_WRITE_DOCS=1 ./test TheManualDescribesEveryKey</summary>
    [Fact]
    public void TheManualDescribesEveryKeyOfTheTable()
    {
        if (Environment.GetEnvironmentVariable("HOLDFAST_WRITE_DOCS") == "1")
            WriteTables(Path.Combine(Repository(), "docs/configuration.md"));
        var manual = File.ReadAllText(Path.Combine(Repository(), "docs/configuration.md"));

        foreach (var block in ConfigKeys.Blocks.Where(b => b is not "defaults"))
        {
            var section = manual[manual.IndexOf($"<!-- keys: {block} -->", StringComparison.Ordinal)..];
            var table = section[..section.IndexOf("<!-- end -->", StringComparison.Ordinal)];
            table.ShouldBe($"<!-- keys: {block} -->\n{Table(block)}");
        }
    }

    private static void WriteTables(string file)
    {
        var manual = File.ReadAllText(file);
        foreach (var block in ConfigKeys.Blocks.Where(b => manual.Contains($"<!-- keys: {b} -->", StringComparison.Ordinal)))
        {
            var start = manual.IndexOf($"<!-- keys: {block} -->", StringComparison.Ordinal);
            var end = manual.IndexOf("<!-- end -->", start, StringComparison.Ordinal);
            manual = $"{manual[..start]}<!-- keys: {block} -->\n{Table(block)}{manual[end..]}";
        }
        File.WriteAllText(file, manual);
    }

    internal static string Table(string block)
    {
        var text = new StringBuilder("| key | meaning | value | default | example |\n|---|---|---|---|---|\n");
        foreach (var key in ConfigKeys.Of(block))
        {
            var only = key.For.Count == 0 ? "" : $" Only for {string.Join(" and ", key.For.Select(k => $"`{k.ToString().ToLowerInvariant()}:`"))}.";
            text.Append($"| `{key.Name}` | {key.Description}{only} | {key.Form} | {key.Default ?? "–"} | `{key.Name}: {key.Example}` |\n");
        }
        return text.ToString();
    }

    [Fact]
    public void TheManualsExampleLoads()
    {
        var manual = File.ReadAllText(Path.Combine(Repository(), "docs/configuration.md"));
        var example = manual.Split("```yaml\n")[1].Split("```")[0];

        Sample.Load(example).Find("documents").Options.Exclude.Count.ShouldBe(3);
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Holdfast.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
