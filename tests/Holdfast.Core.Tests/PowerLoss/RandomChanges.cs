using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Tests.PowerLoss;

/// <summary>Random valid calls of everything a folder can do.</summary>
internal static class RandomChanges
{
    public static void Make(IFolder folder, Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (folders, others) = Paths(folder);
            var fresh = Pick(random, folders).Child(System.Text.Encoding.UTF8.GetBytes($"new {i}"));
            try
            {
                One(folder, random, fresh, folders, others);
            }
            catch (FileSystemException e) when (e.Error is Errno.NotEmpty or Errno.InvalidArgument or Errno.Busy or Errno.NotPermitted or Errno.AccessDenied or Errno.IsAFolder or Errno.NameTooLong)
            {
                // A folder with something in it, a folder into itself, the root, another's: refused, and so nothing to log.
            }
        }
    }

    private static void One(IFolder folder, Random random, EntryPath fresh, List<EntryPath> folders, List<EntryPath> others)
    {
        var any = Pick(random, others.Count == 0 ? folders : others);
        switch (random.Next(14))
        {
            case 0 or 1 or 2:
                using (var writer = folder.CreateFile(fresh, 0x1a4))
                {
                    var bytes = new byte[random.Next(9000)];
                    random.NextBytes(bytes);
                    writer.Write(random.Next(3) * 5000, bytes);
                    if (random.Next(3) == 0)
                        writer.SetSize(random.Next(20000));
                    // After the bytes, which take setuid away; and whoever runs the test must be able to read the file.
                    writer.SetMode(random.Next(0x1000) | 0x180);
                    if (random.Next(3) == 0)
                        writer.Sync();
                }
                break;
            case 3:
                folder.CreateFolder(fresh, 0x1ed);
                break;
            case 4:
                folder.CreateSymlink(fresh, "to \xff"u8);
                break;
            case 5:
                folder.CreateSpecial(fresh, EntryType.Fifo, 0x1a4, default);
                break;
            case 6 when others.Count > 0:
                folder.Link(any, folder, fresh);
                break;
            case 7:
                folder.Rename(any, folder, fresh, replace: false);
                break;
            case 8 when others.Count > 0:
                folder.Rename(any, folder, Pick(random, others), replace: true);
                break;
            case 9:
                folder.Rename(Pick(random, folders), folder, fresh, replace: true);
                break;
            case 10 when others.Count > 0:
                folder.Remove(any);
                break;
            case 11:
                folder.RemoveFolder(Pick(random, folders));
                break;
            case 12:
                folder.SetModified(any, new Timestamp(random.Next(), random.Next(1_000_000_000)));
                folder.SetAttribute(Pick(random, folders), new ExtendedAttribute("user.x"u8.ToArray(), [(byte)random.Next(256)]));
                break;
            default:
                folder.SyncFolder(Pick(random, folders));
                if (random.Next(10) == 0)
                    folder.Barrier();
                break;
        }
    }

    private static (List<EntryPath> Folders, List<EntryPath> Others) Paths(IFolder folder)
    {
        var folders = new List<EntryPath> { EntryPath.Root };
        var others = new List<EntryPath>();
        for (var i = 0; i < folders.Count; i++)
        {
            using var at = folder.OpenFolder(folders[i]);
            var names = at.List();
            for (var n = 0; n < names.Count; n++)
                (at.Stat(EntryPath.From(names[n])).Type == EntryType.Folder ? folders : others).Add(folders[i].Child(names[n]));
        }
        return (folders, others);
    }

    private static EntryPath Pick(Random random, List<EntryPath> paths) => paths[random.Next(paths.Count)];
}
