using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs;

public class ConfigLoaderTests
{
    [Fact]
    public void EveryKeyOfTheDesignsSampleLoads()
    {
        var config = Sample.Load(Sample.Design);

        config.Client.ShouldBe("laptop");
        config.StateFolder.ShouldBe("/home/me/.local/state/holdfast");
        config.Log.ShouldBe(new LogOptions { Level = "info", Folder = "/home/me/.local/state/holdfast/logs", KeepDays = 14 });
        config.Jobs.Select(j => j.Name).ShouldBe(["documents", "offsite", "photos", "etc", "chats"]);

        var documents = config.Find("documents");
        documents.From.ShouldBe(["/home/me/Documents"]);
        documents.To.ShouldBe([new TargetAddress(TargetKind.Mirror, "/media/usb/backup")]);
        documents.Options.Include.Select(r => r.Text).ShouldBe(["Notes/", "readme.md"]);
        documents.Options.Exclude.Select(r => r.Text).ShouldBe(["*.tmp", "Thumbs.db", "Cache/", "*.log", @"regex:\.bak$"]);
        documents.Options.Track[0].Where!.ToString().ShouldBe("holdfast.yaml:10");
        documents.Keep.ShouldBe(new Retention { Last = 5, Hourly = 24, Daily = 7, Weekly = 4, Monthly = 12, Yearly = 3, Within = TimeSpan.FromDays(14) });
        documents.Workers.ShouldBe(8);
        documents.Schedule.ShouldBe("0 20 * * *");
        documents.Before.ShouldBe(["./dump-db.sh"]);
        documents.Folder.ShouldBe(Sample.Folder);
        documents.MaxDelete.ShouldBe(0.25);
        documents.Rules.OneFileSystem.ShouldBeTrue();

        var etc = config.Find("etc");
        etc.Rules.ExcludeIfPresent.ShouldBe([".nobackup", ".bkexclude"]);
        etc.Rules.MinAge.ShouldBe(TimeSpan.FromMinutes(5));
        etc.Options.Layout.ShouldBe(new LayoutOptions
        {
            Split = 5, Compress = "xz", GpgPassphraseFile = "/etc/holdfast/volumes.pass", KeepDeleted = TimeSpan.FromDays(90), Chats = etc.Options.Layout.Chats,
        });

        config.Find("offsite").Options.Layout.PasswordFile.ShouldBe("/home/me/.config/holdfast/offsite.key");
        config.Find("photos").Options.Layout.Mode.ShouldBe("sync");
        var chats = config.Find("chats");
        chats.IsFromTelegram.ShouldBeTrue();
        chats.Options.Layout.Chats.Select(c => c.Chat).ShouldBe(["-1001234567890", "@news"]);
        chats.Options.Layout.Chats[1].Range.ShouldBe([500, 0]);
        config.Telegram!.Session.ShouldBe("/home/me/.local/state/holdfast/telegram.session");
        config.Notify!.Email!.To.ShouldBe(["me@example.org"]);
    }

    [Fact]
    public void OnlyMirrorsOfFilesCanRunYetAndTheRestSaysSo()
    {
        var config = Sample.Load(Sample.Design);

        config.Find("documents").Unsupported.ShouldBeNull();
        config.Find("documents").RequireSupported();
        var refusal = Should.Throw<ConfigException>(() => config.Find("offsite").RequireSupported());
        refusal.Message.ShouldBe("job 'offsite': repository targets are not built yet; this version can back up to mirror:, library: and volumes: targets");
        refusal.Kind.ShouldBe(ErrorKind.Usage);
        config.Find("chats").Unsupported.ShouldNotBeNull();
    }

    [Fact]
    public void ListsOfDefaultsComeFirstAndTheirOtherValuesGiveWay()
    {
        var config = Sample.Load("""
            defaults: {exclude: a, workers: 2, max_delete: 10%, keep: {daily: 7}, checksum: true}
            jobs:
              one: {from: /a, to: "mirror:/b", exclude: ["!a", c], workers: 4, keep: {last: 1}, checksum: false}
              two: {from: /a, to: "mirror:/c"}
            """);

        var one = config.Find("one");
        one.Options.Exclude.Select(r => r.Text).ShouldBe(["a", "!a", "c"]);
        one.Workers.ShouldBe(4);
        one.Keep.ShouldBe(new Retention { Last = 1 });
        one.Checksum.ShouldBeFalse();
        one.MaxDelete.ShouldBe(0.1);
        var two = config.Find("two");
        two.Workers.ShouldBe(2);
        two.Checksum.ShouldBeTrue();
    }

    [Fact]
    public void TagsOfJobFlagsAndDefaultsAddUp()
    {
        var job = Sample.Load("""
            defaults: {tags: all}
            jobs:
              one: {from: /a, to: "mirror:/b", tags: [laptop, all], keep: {last: 1, tags: [release, "1 2"]}}
            """).Find("one").With(new JobOptions { Tags = ["today"] });

        job.Tags.ShouldBe(["all", "laptop", "today"]);
        job.Keep!.Tags.ShouldBe(["release", "1 2"]);
        Should.Throw<ConfigException>(() => Sample.Job("keep: {tags: [a]}")).Message.ShouldContain("'last: 1' keeps the newest alone");
        Should.Throw<ConfigException>(() => Sample.Job("tags: 'a,b'")).Message.ShouldContain("comma");
    }

    [Fact]
    public void FlagsStandOverTheJob()
    {
        var job = Sample.Job("exclude: a\nworkers: 4").With(new JobOptions { Exclude = [new("b")], Workers = 1, To = [new(TargetKind.Mirror, "/other")] });

        job.Options.Exclude.Select(r => r.Text).ShouldBe(["a", "b"]);
        job.Workers.ShouldBe(1);
        job.To.ShouldBe([new TargetAddress(TargetKind.Mirror, "/other")]);
    }

    [Fact]
    public void PathsAreRelativeToTheFileAndKnowHomeAndVariables()
    {
        var job = Sample.Load("""
            jobs:
              a:
                from: [docs, ../x, ~, ~/p, "${DATA}/y", "$${DATA}"]
                to: mirror:out/
            """, ("DATA", "/data")).Find("a");

        job.From.ShouldBe([$"{Sample.Folder}/docs", "/home/me/x", "/home/me", "/home/me/p", "/data/y", $"{Sample.Folder}/${{DATA}}"]);
        job.To[0].ToString().ShouldBe($"mirror:{Sample.Folder}/out");
    }

    [Fact]
    public void HooksLeaveTheirVariablesToTheShell() =>
        Sample.Job("before: echo ${TOKEN}").Before.ShouldBe(["echo ${TOKEN}"]);

    [Fact]
    public void JsonLoadsLikeYamlTabsAndEscapesIncluded()
    {
        var config = Sample.Load("{\n\t\"jobs\": {\"a\": {\"from\": [\"/x\\/y\", \"/\\u00e9\\ud83d\\ude00\\t\"],\n\t\t\"to\": \"mirror:/m\", \"checksum\": true, \"workers\": 3}}\n}\n");

        config.Find("a").From.ShouldBe(["/x/y", "/é😀\t"]);
        config.Find("a").Checksum.ShouldBeTrue();
        config.Find("a").Workers.ShouldBe(3);
    }

    [Fact]
    public void WithoutAConfigThereAreDefaultsAndNoJobs()
    {
        var none = HoldfastConfig.None(Sample.Environment(("XDG_STATE_HOME", "/var/state")));

        none.StateFolder.ShouldBe("/var/state/holdfast");
        none.Client.ShouldBe("host");
        Should.Throw<ConfigException>(() => none.Find("a")).Message.ShouldStartWith("there is no job 'a': there is no config.");
    }

    [Fact]
    public void AMisspeltJobNamesTheNearest() =>
        Should.Throw<ConfigException>(() => Sample.Load(Sample.Design).Find("documnets")).Message.ShouldEndWith("did you mean 'documents'?");

    [Fact]
    public void TheFirstConfigOfTheSearchOrderIsUsed()
    {
        using var root = new TemporaryFolder();
        var environment = Sample.Environment() with
        {
            Home = Path.Combine(root.Path, "home"), WorkingFolder = Path.Combine(root.Path, "work"), ProgramFolder = Path.Combine(root.Path, "bin"),
        };
        ConfigLocation.Find(null, environment).ShouldBeNull();
        foreach (var path in ConfigLocation.Candidates(environment).Reverse())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "{jobs: {a: {from: x, to: 'mirror:y'}}}");
            ConfigLoader.Load(null, environment).File.ShouldBe(path);
        }
        ConfigLocation.Candidates(environment)[^2].ShouldBe(Path.Combine(root.Path, "home/.config/holdfast/holdfast.yaml"));
        Should.Throw<ConfigException>(() => ConfigLoader.Load("other.yaml", environment)).Message.ShouldStartWith("there is no config 'other.yaml'.");
    }

    [Fact]
    public void AnAdHocJobTakesPathsFromTheWorkingFolder()
    {
        var job = Job.AdHoc(["docs", "~/x"], new TargetAddress(TargetKind.Mirror, "/m"), new JobOptions { Workers = 1 }, Sample.Environment());

        job.IsAdHoc.ShouldBeTrue();
        job.From.ShouldBe([$"{Sample.Folder}/docs", "/home/me/x"]);
        job.ToBackupOptions().Workers.ShouldBe(1);
        Should.Throw<ConfigException>(() => Job.AdHoc([], job.To[0], new JobOptions()));
    }
}
