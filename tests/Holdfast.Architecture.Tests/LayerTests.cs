using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Holdfast.Architecture.Tests;

/// <summary>The arrows of the design, section 3: who may refer to whom.</summary>
public sealed class LayerTests
{
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Holdfast.Core"] = [],
        ["Holdfast.Mtproto"] = ["Holdfast.Mtproto.SchemaGenerator"], // at build time only
        ["Holdfast.Mtproto.SchemaGenerator"] = [],
        ["Holdfast.Stores"] = ["Holdfast.Core"],
        ["Holdfast.Mirror"] = ["Holdfast.Core"],
        ["Holdfast.Library"] = ["Holdfast.Core"],
        ["Holdfast.Volumes"] = ["Holdfast.Core", "Holdfast.Stores"],
        ["Holdfast.Repository"] = ["Holdfast.Core", "Holdfast.Stores"],
        ["Holdfast.Telegram"] = ["Holdfast.Core", "Holdfast.Stores", "Holdfast.Library", "Holdfast.Mtproto"],
        ["Holdfast.Server"] = ["Holdfast.Core", "Holdfast.Stores", "Holdfast.Mirror", "Holdfast.Library", "Holdfast.Volumes", "Holdfast.Repository", "Holdfast.Mtproto", "Holdfast.Telegram"],
        ["Holdfast.Cli"] = ["Holdfast.Core", "Holdfast.Stores", "Holdfast.Mirror", "Holdfast.Library", "Holdfast.Volumes", "Holdfast.Repository", "Holdfast.Mtproto", "Holdfast.Telegram", "Holdfast.Server"],
    };

    public static TheoryData<string> Projects() => [.. Sources.Projects];

    [Fact]
    public void EveryProjectHasItsPlaceInTheDesign() => Sources.Projects.Except(Arrows.Keys).ShouldBeEmpty();

    [Theory, MemberData(nameof(Projects))]
    public void AProjectRefersOnlyWhereTheArrowsPoint(string project) =>
        XDocument.Load(Sources.ProjectFile(project)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value))
            .Except(Arrows[project]).ShouldBeEmpty();

    /// <summary>Those that the command uses; what it does not use yet is not beside this test, but its csproj is looked at all the same.</summary>
    public static TheoryData<string> CompiledProjects() => [.. Sources.Projects.Where(p => File.Exists(Compiled(p)))];

    private static string Compiled(string project) => Path.Combine(AppContext.BaseDirectory, (project == "Holdfast.Cli" ? "holdfast" : project) + ".dll");

    [Theory, MemberData(nameof(CompiledProjects))]
    public void ACompiledProjectUsesOnlyWhatTheArrowsAllow(string project)
    {
        var file = Compiled(project);
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))
            .Where(n => n.StartsWith("Holdfast.", StringComparison.Ordinal))
            .Except(Arrows[project]).ShouldBeEmpty();
    }
}
