using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Mirror;

var source = new FileTreeSource([args[0]], LocalFolders.OpenForReading);
var target = new MirrorTarget(args[1], LocalFolders.Open);
var request = new RunRequest { Client = "c", Job = "j", Sources = [args[0]], StateFolder = args[2], Time = DateTimeOffset.UtcNow, IsAdHoc = true };
var report = await new Backup(source, [target], TimeProvider.System).RunAsync(request, new BackupOptions { AllowDeletions = args.Length > 3, Workers = int.Parse(Environment.GetEnvironmentVariable("W") ?? "2") }, new RunCounters(), default);
var t = report.Targets[0];
Console.WriteLine($"{report.Duration.TotalSeconds:F2}s {t.Statistics} {t.Snapshot?.Id} {t.Failure} failures {report.Counters.FailureCount} {string.Join(";", report.Counters.Failures.Take(5))} {string.Join(";", t.Remarks)}");
