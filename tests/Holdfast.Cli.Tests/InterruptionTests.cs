using System.Globalization;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class InterruptionTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task ASignalEndsTheRunCleanlyAndTheNextOneContinues(string signal)
    {
        using var machine = new Machine();
        machine.Folder("Documents");
        for (var i = 0; i < 20; i++)
            Command.Must("truncate", "-s", "2G", machine[string.Create(CultureInfo.InvariantCulture, $"Documents/{i}")]);
        machine.File("Documents/zero", new string('0', 1000));

        // Holes are read as data through a FIFO-less path as fast as memory goes; 40 GB of them take long enough to be interrupted.
        using (var process = machine.Start("backup", "Documents", "--to", "mirror:disk"))
        {
            while (!Directory.Exists(machine["disk/.holdfast"]))
                await Task.Yield();
            Command.Must("kill", "-" + signal, process.Id.ToString(CultureInfo.InvariantCulture));
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(130);
            (await process.StandardError.ReadToEndAsync()).ShouldContain("interrupted");
        }
        machine.Run("snapshots", "mirror:disk").Text.ShouldBe("no snapshots yet\n");
        for (var i = 0; i < 20; i++)
            File.Delete(machine[string.Create(CultureInfo.InvariantCulture, $"Documents/{i}")]);
        machine.Run("backup", "Documents", "--to", "mirror:disk").ExitCode.ShouldBe(0);
        machine.Run("ls", "mirror:disk").Text.ShouldBe("zero\n");
    }

    [Fact]
    public void AReaderThatHasHadEnoughEndsTheCommandQuietly()
    {
        using var machine = new Machine();
        machine.Folder("Many");
        machine.Shell("cd Many && seq -f 'a long enough name for a file %05g' 20000 | xargs -d '\\n' touch").Checked("bash");
        machine.Run("backup", "Many", "--to", "mirror:disk").Checked("holdfast");
        var run = machine.Shell("holdfast ls mirror:disk | head -n 1; echo ${PIPESTATUS[0]}");
        run.Text.ShouldBe("a long enough name for a file 00001\n0\n");
        run.ErrorText.ShouldBeEmpty();
    }
}
