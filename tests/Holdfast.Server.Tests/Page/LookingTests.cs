using System.Text;
using Holdfast.Server.Access;
using Holdfast.Server.Figures;
using Holdfast.Testing.Machines;
using Microsoft.Playwright;

namespace Holdfast.Server.Tests.Page;

/// <summary>The page in a real browser: coming in, looking around, taking files along.</summary>
public sealed class LookingTests(Chromium browser)
{
    // A PNG file of one pixel.
    private const string Dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task AWrongTokenIsRefusedAndARightOneIsKeptForAsLongAsWasSaid()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("ann", Scope.Read);
        await using var ann = await browser.VisitAsync(running);

        await ann.EnterAsync("guess");
        await ann.SeesAsync(ann.Page.GetByRole(AriaRole.Alert), "does not know this token");
        await ann.SeesNothingAtAsync(ann.Search);
        await ann.EnterAsync(token);
        await ann.SeesAsync(ann.State, "There is nothing here yet.");
        await ann.Page.ReloadAsync();
        await ann.SeesAsync(ann.State, "There is nothing here yet.");
        await ann.OpenTabAsync();
        await ann.SeesAsync(ann.Page.GetByLabel("Token", new() { Exact = true }));
        await ann.EnterAsync(token, remember: true);
        await ann.SeesAsync(ann.Search);
        await ann.OpenTabAsync();
        await ann.SeesAsync(ann.State, "There is nothing here yet.");
        await ann.Button("Leave").ClickAsync();
        await ann.SeesAsync(ann.Page.GetByLabel("Token", new() { Exact = true }));
        await ann.OpenTabAsync();
        await ann.SeesAsync(ann.Page.GetByLabel("Token", new() { Exact = true }));
    }

    [Fact]
    public async Task ATokenThatEndsWhileThePageIsOpenIsAskedForAgain()
    {
        const string Jobs = "{\"jobs\":[{\"job\":\"photos\",\"targets\":[]}]}";
        await using var running = await Running.StartAsync(new ServerOptions { Jobs = new JobFigures(() => Encoding.UTF8.GetBytes(Jobs), () => "") });
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("ann"));
        // Everything that was asked for is answered.
        await ann.SeesAsync(ann.State, "There is nothing here yet.");
        await ann.SeesAsync(ann.Page.GetByText("photos"));

        running.Revoke("ann");
        await ann.Search.FillAsync("x");

        await ann.SeesAsync(ann.Page.GetByRole(AriaRole.Alert), "not valid any more");
        await ann.EnterAsync(running.Token("ann again"));
        await ann.SeesAsync(ann.State, "Nothing found.");
    }

    [Fact]
    public async Task EveryNameIsShownAsItIsAndItsFileComesOutWhole()
    {
        await using var running = await Running.StartAsync();
        string[] names = ["<img src=x onerror=alert(1)>.txt", "\"both\" & 'kinds'.txt", "a b#c?d%41&e=f+g.txt", "Übung ☃ 写真.txt", "back\\slash.txt", new string('l', 240) + ".txt"];
        const string Folder = "<b>50% #1? \"x\"";
        foreach (var name in names)
            running.File($"library/{Folder}/{name}", "bytes of " + name);
        // .NET has no such names.
        Command.Must("bash", "-c", "printf odd >\"$1\"/$'caf\\xe9 %41.bin'", "bash", Path.Combine(running.Place, Folder));
        running.Scan();
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("ann", Scope.Read));

        await ann.OpenAsync(Folder);
        await ann.SeesFilesAsync(names.Length + 1);
        (await ann.NamesAsync()).ShouldBe([.. names, "caf\uFFFD %41.bin"], ignoreOrder: true);
        await ann.SeesAsync(ann.Page.GetByLabel("Folder"), Folder);
        foreach (var name in names)
        {
            await ann.OpenAsync(name);
            await ann.SeesAsync(ann.Page.GetByRole(AriaRole.Dialog), name);
            (await ann.SaveAsync()).Bytes.ShouldBe(Encoding.UTF8.GetBytes("bytes of " + name));
            await ann.Button("Close").ClickAsync();
            await ann.SeesNothingAtAsync(ann.Page.GetByRole(AriaRole.Dialog));
        }
        await ann.OpenAsync("caf\uFFFD %41.bin");
        (await ann.SaveAsync()).Bytes.ShouldBe("odd"u8.ToArray());
    }

    [Fact]
    public async Task APictureIsShownSmallAndLargeAndWhatIsNoneIsSaid()
    {
        await using var running = await Running.StartAsync();
        running.File("library/no film.mp4", "text");
        await File.WriteAllBytesAsync(Path.Combine(running.Place, "dot.png"), Convert.FromBase64String(Dot), TestContext.Current.CancellationToken);
        running.Scan();
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("ann", Scope.Read));

        await ann.SeesAsync(ann.Tile("dot.png").Locator("canvas"));
        await ann.OpenAsync("dot.png");
        var picture = ann.Page.Locator("#shown img");
        await ann.SeesAsync(picture);
        await ann.Page.WaitForFunctionAsync("document.querySelector('#shown img').naturalWidth === 1");
        (await picture.GetAttributeAsync("alt")).ShouldBe("dot.png");
        await ann.Button("The next one").ClickAsync();
        await ann.SeesAsync(ann.Page.Locator("#about"), "this browser cannot show it");
        var (name, bytes) = await ann.SaveAsync();
        name.ShouldBe("no film.mp4");
        bytes.ShouldBe("text"u8.ToArray());
    }

    [Fact]
    public async Task ALargeFolderGrowsAsItIsScrolledAndShowsFoldersFirst()
    {
        await using var running = await Running.StartAsync();
        for (var i = 0; i < 510; i++)
            running.File($"library/{i:0000}.txt", $"{i}");
        running.File("library/0499 folder/x.txt", "x");
        running.Scan();
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("ann", Scope.Read));
        await ann.SeesFilesAsync(500);
        (await ann.NamesAsync())[0].ShouldBe("0499 folder");

        for (var before = 500; before < 511; before = await ann.Files.CountAsync())
        {
            await ann.Page.Keyboard.PressAsync("End");
            await ann.Page.WaitForFunctionAsync("before => document.querySelectorAll('#list li').length > before", before);
        }

        await ann.SeesFilesAsync(511);
        (await ann.NamesAsync()).Distinct().Count().ShouldBe(511);
        await ann.SeesNothingAtAsync(ann.Button("More"));
    }

    [Fact]
    public async Task ASearchFindsWhatLiesBelowAndBackLeadsBack()
    {
        await using var running = await Running.StartAsync();
        foreach (var name in new[] { "2024/Strand/Meer.txt", "2024/Berg.txt", "2025/Meerblick.txt" })
            running.File("library/" + name, name);
        running.Scan();
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("ann", Scope.Read));
        await ann.SeesFilesAsync(2);

        await ann.Search.FillAsync("meer");
        await ann.SeesAsync(ann.Tile("2025/Meerblick.txt"));
        (await ann.NamesAsync()).ShouldBe(["2024/Strand/Meer.txt", "2025/Meerblick.txt"]);
        await ann.Search.FillAsync("nowhere <b>");
        await ann.SeesAsync(ann.State, "Nothing found.");
        await ann.Page.GoBackAsync();
        await ann.SeesFilesAsync(2);
        (await ann.Search.InputValueAsync()).ShouldBe("");
        await ann.OpenAsync("2024");
        await ann.OpenAsync("Strand");
        await ann.OpenAsync("Meer.txt");
        await ann.SeesAsync(ann.Page.GetByRole(AriaRole.Dialog));
        await ann.Page.GoBackAsync();
        await ann.SeesNothingAtAsync(ann.Page.GetByRole(AriaRole.Dialog));
        await ann.SeesAsync(ann.Tile("Meer.txt"));
        await ann.Page.ReloadAsync();
        await ann.SeesAsync(ann.Tile("Meer.txt"));
        await ann.Page.GoBackAsync();
        await ann.SeesAsync(ann.Tile("Berg.txt"));
        await ann.Button("Library").ClickAsync();
        await ann.SeesAsync(ann.Tile("2025"));
    }
}
