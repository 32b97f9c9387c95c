using System.IO;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Holdfast.Mtproto.SchemaGenerator;

/// <summary><c>api.tl</c> becomes public records, any other schema internal ones in the namespace of service messages.</summary>
[Generator]
public sealed class TlGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var schemas = context.AdditionalTextsProvider.Where(static f => f.Path.EndsWith(".tl", System.StringComparison.Ordinal));
        context.RegisterSourceOutput(schemas, static (output, file) =>
        {
            var text = file.GetText(output.CancellationToken)?.ToString() ?? "";
            var isApi = Path.GetFileName(file.Path) == "api.tl";
            var schema = new Schema(text, isApi ? "Holdfast.Mtproto.Tl" : "Holdfast.Mtproto.Tl.Service");
            var writer = new RecordWriter(schema, isApi ? "public" : "internal", isApi ? "Api" : "Service");
            foreach (var (name, source) in writer.Files())
                output.AddSource($"{(isApi ? "Api" : "Service")}{name}.g.cs", SourceText.From(source, Encoding.UTF8));
        });
    }
}
