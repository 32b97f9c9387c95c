using System.Text.Json.Nodes;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;

namespace Holdfast.Core.Tests.Jobs;

/// <summary>The keys of <c>store</c>, typed one by one, and one set of them over another.</summary>
public sealed class StoreOptionsTests
{
    private static readonly ConfigEnvironment Here = ConfigEnvironment.OfProcess();

    public static TheoryData<string> Names => [.. TypedStore.Keys.Select(k => k.Name)];

    [Theory, MemberData(nameof(Names))]
    public void AKeyThatIsTypedSetsItAlone(string name)
    {
        var typed = Typed(name);
        var shown = StoreKeys.Section.Show(typed);
        shown.Select(p => p.Key).ShouldBe([name]);
    }

    [Theory, MemberData(nameof(Names))]
    public void WhatIsOnTopStandsOverWhatIsBelowAndLeavesTheRest(string name)
    {
        var all = TypedStore.Keys.Aggregate(new StoreOptions(), (o, k) => TypedStore.Set(o, k, Example(k), Here));
        Show(new StoreOptions().Over(all)).ShouldBe(Show(all));
        var key = TypedStore.Keys.Single(k => k.Name == name);
        var other = TypedStore.Set(new StoreOptions(), key, key.Form == "true or false" ? "false" : "7", Here);
        var both = StoreKeys.Section.Show(other.Over(all));
        var expected = StoreKeys.Section.Show(all);
        expected[name] = StoreKeys.Section.Show(other)[name]!.DeepClone();
        both.ToJsonString().ShouldBe(expected.ToJsonString());
        Show(other.Over(null)).ShouldBe(Show(other));
    }

    [Theory, InlineData("connections", "none", "'none' is not a whole number from 1"), InlineData("path_style", "maybe", "'maybe' is not true or false")]
    public void AValueThatMeansNothingIsNamed(string name, string text, string message) =>
        Should.Throw<FormatException>(() => TypedStore.Set(new StoreOptions(), TypedStore.Keys.Single(k => k.Name == name), text, Here)).Message.ShouldBe(message);

    [Fact]
    public void ATypedPathIsRelativeToTheWorkingFolder() =>
        TypedStore.Set(new StoreOptions(), TypedStore.Keys.Single(k => k.Name == "ca_file"), "ca.pem", Here).CaFile.ShouldBe(Path.Combine(Here.WorkingFolder, "ca.pem"));

    private static StoreOptions Typed(string name)
    {
        var key = TypedStore.Keys.Single(k => k.Name == name);
        return TypedStore.Set(new StoreOptions(), key, Example(key), Here);
    }

    private static string Example(ConfigKey key) => key.Example.Trim('"');

    private static string Show(StoreOptions options) => StoreKeys.Section.Show(options) is JsonObject shown ? shown.ToJsonString() : "";
}
