using Holdfast.Core.Jobs.Config;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs;

public class BadConfigTests
{
    /// <summary>Lines below job 'a', which begin at line 5, and what is said of them.</summary>
    public static TheoryData<string, string> BadJobs { get; } = new()
    {
        { "trak: x", "holdfast.yaml:5: unknown key 'trak' in job 'a': did you mean 'track'?" },
        { "excludeCaches: true", "holdfast.yaml:5: unknown key 'excludeCaches' in job 'a': did you mean 'exclude_caches'?" },
        { "workers: many", "holdfast.yaml:5: 'workers' in job 'a': 'many' is not a whole number from 1" },
        { "workers: 0", "holdfast.yaml:5: 'workers' in job 'a': '0' is not a whole number from 1" },
        { "workers: [1]", "holdfast.yaml:5: 'workers' in job 'a' must be a whole number from 1, not a list" },
        { "workers:", "holdfast.yaml:5: 'workers' in job 'a' must be a whole number from 1, not nothing" },
        { "checksum: yes", "holdfast.yaml:5: 'checksum' in job 'a': 'yes' is not true or false" },
        { "min_age: 300", "holdfast.yaml:5: 'min_age' in job 'a': '300' has no unit; write 300s, 300m, 300h, 300d or 300w" },
        { "min_age: 30m1h", "holdfast.yaml:5: 'min_age' in job 'a': '30m1h' is no length of time; write it like 300s, 1h30m, 14d or 2w" },
        { "exclude_larger_than: 4 elephants", "holdfast.yaml:5: 'exclude_larger_than' in job 'a': '4 elephants' is no size; write it like 4GB, 1.5GiB, 100k or 512 (bytes)" },
        { "max_delete: 25", "holdfast.yaml:5: 'max_delete' in job 'a': '25' is more than everything; a quarter is 0.25 or 25%" },
        { "exclude_if_present: a/b", "holdfast.yaml:5: 'exclude_if_present' in job 'a': 'a/b' is not the name of a file in a folder" },
        { "exclude: {a: b}", "holdfast.yaml:5: 'exclude' in job 'a' must be a pattern or a list of patterns, not a block of keys" },
        { "exclude:\n- ok\n- 'a['", @"holdfast.yaml:7: 'exclude' in job 'a': the pattern 'a[' is wrong: a '[' is not closed, or names a class that does not exist; a literal one is written '\['" },
        { "keep: {dayly: 3}", "holdfast.yaml:5: unknown key 'dayly' in keep of job 'a': did you mean 'daily'?" },
        { "keep: {last: 0}", "holdfast.yaml:5: 'keep' in job 'a' would keep no snapshot at all; leave it out to keep all" },
        { "workers: 1\nworkers: 2", "holdfast.yaml:6: 'workers' in job 'a' is already in line 5" },
        { "place: ${NOPE}", "holdfast.yaml:5: 'place' in job 'a': the environment variable NOPE is not set; write $${NOPE} if the characters are meant" },
        { "place: ${not a name}", "holdfast.yaml:5: 'place' in job 'a': '${not a name}' is no variable; write ${NAME}, or $${ for the characters ${" },
        { "schedule: 0 25 * * *", "holdfast.yaml:5: 'schedule' in job 'a': '25' is no hour in the schedule '0 25 * * *'; it goes from 0 to 23" },
        { "schedule: daily", "holdfast.yaml:5: 'schedule' in job 'a': 'daily' is no schedule; write five fields as in cron (\"0 20 * * *\"), \"every 6h\" or \"on-mount\"" },
        { "split: 5", "holdfast.yaml:2: job 'a': 'split' is for volumes: targets; this job has none" },
        { "mode: synk", "holdfast.yaml:5: 'mode' in job 'a': 'synk' is none of upload, sync; did you mean 'sync'?" },
    };

    [Theory]
    [MemberData(nameof(BadJobs))]
    public void ABadKeyOfAJobIsNamedWithItsLineAndTheWayOut(string lines, string message) =>
        Should.Throw<ConfigException>(() => Sample.Job(lines)).Message.ShouldBe(message);

    [Theory]
    [InlineData("repository:s3:https://host/bucket?secret_key=hunter2")]
    [InlineData("repository:s3:https://host/bucket?access_key=K&key=hunter2")]
    [InlineData("repository:s3:host/bucket;key=hunter2")]
    [InlineData("volumes:s3:key=hunter2,host/bucket")]
    [InlineData("library:https://me:hunter2@host/x")]
    [InlineData("repository:rest:https://host/x?token=hunter2")]
    public void ATargetWithASecretInItIsRefusedAndTheSecretNotShown(string target)
    {
        var message = Should.Throw<ConfigException>(() => Sample.Load($"jobs: {{a: {{from: x, to: '{target}'}}}}")).Message;
        message.ShouldContain("holds a password");
        message.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("mirror:/media/key=value/x")]
    [InlineData("library:https://host:8420/photos@home")]
    [InlineData("repository:s3:https://host/monkey/turkey")]
    public void ATargetWithoutASecretIsTaken(string target) =>
        Sample.Load($"jobs: {{a: {{from: x, to: '{target}'}}}}").Jobs[0].To[0].ToString().ShouldBe(target);

    [Fact]
    public void WhateverTheTextTheAnswerIsAConfigOrAConfigError()
    {
        var random = new Random(RandomSeed.Next());
        const string marks = "{}[],:'\"&*!|>-?#%@`~$\\\t\n <=";
        for (var round = 0; round < 3000; round++)
        {
            var text = Sample.Design.ToCharArray().ToList();
            text.RemoveRange(0, random.Next(text.Count / 2));
            for (var i = random.Next(1, 6); i > 0; i--)
                text.Insert(random.Next(text.Count), marks[random.Next(marks.Length)]);
            var cut = random.Next(text.Count / 2);
            text.RemoveRange(text.Count - cut, cut);
            var broken = string.Concat(text);
            try
            {
                Sample.Load(broken);
            }
            catch (ConfigException)
            {
                // What people can act on.
            }
            catch (Exception e)
            {
                Assert.Fail($"{e.GetType().Name} for the text:\n{broken}\n{e}");
            }
        }
    }

    public static TheoryData<string, string> BadFiles { get; } = new()
    {
        { "", "holdfast.yaml:1: a config is a block of keys (jobs: …), not nothing" },
        { "- a", "holdfast.yaml:1: a config is a block of keys (jobs: …), not a list" },
        { "client: x", "holdfast.yaml:1: the config has no 'jobs'" },
        { "jobs: {}", "holdfast.yaml has no jobs; 'holdfast init' shows how one looks" },
        { "jobs:\n\ta: 1", "holdfast.yaml:2: the line is indented with a tab; YAML allows only spaces there" },
        { "jobs:\n  a:\n    from: x\n\tto: y", "holdfast.yaml:4: the line is indented with a tab; YAML allows only spaces there" },
        { "jobs: {a: 5}", "holdfast.yaml:1: the job 'a' must be a block of keys, not '5'" },
        { "jobs: {a b: {from: x, to: 'mirror:y'}}", "holdfast.yaml:1: the job 'a b': a name is made of letters, digits, '-', '_' and '.'" },
        { "jobs:\n  a: {from: x}", "holdfast.yaml:2: job 'a' has no 'to'" },
        { "jobs:\n  a: {from: [], to: 'mirror:y'}", "holdfast.yaml:2: job 'a': 'from' names nothing" },
        { "jobs:\n  a: {from: x, to: /y}", "holdfast.yaml:2: 'to' in job 'a': '/y' does not say what to make there; write mirror:/y for a plain copy with history" },
        { "jobs:\n  a: {from: x, to: 'miror:/y'}", "holdfast.yaml:2: 'to' in job 'a': 'miror:' is no target; did you mean 'mirror:'?" },
        { "jobs:\n  a: {from: x, to: 'mirror:'}", "holdfast.yaml:2: 'to' in job 'a': 'mirror:' says what to make but not where; write mirror:PATH" },
        { "jobs:\n  a: {from: [telegram, x], to: 'archive:/y'}", "holdfast.yaml:2: job 'a': telegram cannot be mixed with other sources; give it a job of its own" },
        { "jobs:\n  a: {from: telegram, to: 'mirror:/y'}", "holdfast.yaml:2: job 'a': messages can only go to an archive: target" },
        { "jobs:\n  a: {from: x, to: ['mirror:/y', 'mirror:/y/']}", "holdfast.yaml:2: job 'a': the target mirror:/y is named twice" },
        { "jobs:\n  a: {from: x, to: 'mirror:y'}\n  a: {from: x, to: 'mirror:y'}", "holdfast.yaml:3: the job 'a' is already in line 2" },
        { "defaults: {from: x}\njobs: {a: {from: x, to: 'mirror:y'}}", "holdfast.yaml:1: 'from' belongs into a job, not into defaults" },
        { "jobs:\n  a:\n\tfrom: x\n    to: mirror:y", "holdfast.yaml:3: the line is indented with a tab; YAML allows only spaces there" },
        { "client: [a\njobs: }", "holdfast.yaml:1: this is not YAML: something that began here or above is not closed" },
        { "jobs:\n  a: {from: x, to: 'mirror:y', include: ['!b/']}", "holdfast.yaml:2: job 'a': 'include' and 'track' hold only patterns with '!', which name nothing; put 'b/' into 'exclude' instead" },
        { "a: *b", "holdfast.yaml:1: this is not YAML: there is no anchor '&b' above this line" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void ABadFileIsRefusedWithItsLineAndTheWayOut(string text, string message) =>
        Should.Throw<ConfigException>(() => Sample.Load(text)).Message.ShouldBe(message);

    [Fact]
    public void EverythingThatIsWrongIsNamedAtOnceInTheOrderOfTheLines()
    {
        var e = Should.Throw<ConfigException>(() => Sample.Load("clint: x\njobs:\n  a:\n    to: /y\n    workers: x\n    from: ~you\n"));

        e.Problems.Select(p => p.Where!.Line).ShouldBe([1, 4, 5, 6]);
        e.Message.Split('\n')[0].ShouldBe("holdfast.yaml:1: unknown key 'clint': did you mean 'client'?");
    }

    [Theory]
    [InlineData("repository:rest:https://me:hunter2@host/repo")]
    [InlineData("repository:rest:https://me:hunter2/x@host/repo")]
    [InlineData("repository:s3:https://:hunter2@host/repo")]
    [InlineData("library:https://host/?token=hunter2")]
    public void APasswordInATargetIsRefusedWithoutShowingIt(string target)
    {
        var e = Should.Throw<ConfigException>(() => Sample.Load($"jobs:\n  a: {{from: x, to: '{target}'}}"));

        e.Message.ShouldContain("holds a password");
        e.Message.ShouldContain("password_file");
        e.ToString().ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("library:https://nas:8420/path@x")]
    [InlineData("library:http://[::1]:8420/a@b")]
    [InlineData("repository:rest:https://me@host/repo")]
    [InlineData("repository:rclone:remote:a/b")]
    public void AnAddressWithoutAPasswordIsNotMistakenForOneWith(string target) =>
        Sample.Load($"jobs:\n  a: {{from: x, to: '{target}'}}").Find("a").To[0].ToString().ShouldBe(target);
}
