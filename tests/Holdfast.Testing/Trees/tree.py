"""What the test kit does with real trees, written apart from Holdfast's own code: names are bytes throughout.

    tree.py build PATH SEED WIDE     makes a tree with every kind of entry and metadata
    tree.py mutate PATH SEED         changes a tree in every way
    tree.py state PATH               prints everything about every path
"""
import hashlib, os, random, socket, stat, struct, subprocess, sys

ROOT = os.geteuid() == 0
NS = 10**9


def acl(path, *args):
    subprocess.run(["setfacl", *args, "--", path], check=True)


class Builder:
    def __init__(self, path, seed):
        self.top = path
        self.random = random.Random(seed)
        self.clock = 1_600_000_000

    def at(self, *parts):
        return os.path.join(self.top, *parts)

    def folder(self, *parts):
        path = self.at(*parts)
        os.makedirs(path, exist_ok=True)
        return path

    def bytes(self, size=None):
        return self.random.randbytes(self.random.randrange(3000) if size is None else size)

    def file(self, *parts, data=None):
        path = self.at(*parts)
        with open(path, "xb") as f:
            f.write(self.bytes() if data is None else data)
        return path

    def build(self, wide):
        os.makedirs(self.top, exist_ok=True)
        self.contents()
        self.modes()
        self.times()
        self.names()
        self.depth()
        self.symlinks()
        self.specials()
        self.sparse()
        self.links()
        self.attributes()
        self.acls()
        self.owners()
        if wide:
            folder = self.folder(b"wide")
            for i in range(wide):
                open(os.path.join(folder, b"entry-%d" % i), "xb").close()
        self.settle()

    def contents(self):
        self.folder(b"contents", b"empty folder")
        self.file(b"contents", b"empty file", data=b"")
        same = self.bytes(5000)
        self.file(b"contents", b"twin 1", data=same)
        self.file(b"contents", b"twin 2", data=same)
        for size in (1, 511, 4095, 4096, 4097, 65536, 131073, 1_100_000):
            self.file(b"contents", b"size %d" % size, data=self.bytes(size))

    def modes(self):
        folder = self.folder(b"modes")
        for mode in (0o644, 0o600, 0o755, 0o777, 0o400, 0o4755, 0o2755, 0o6711, 0o1644) + ((0o000, 0o7777) if ROOT else ()):
            os.chmod(self.file(b"modes", b"file %o" % mode), mode)
        for mode in (0o755, 0o700, 0o1777, 0o2775, 0o500) + ((0o000,) if ROOT else ()):
            path = self.folder(b"modes", b"folder %o" % mode)
            self.file(b"modes", b"folder %o" % mode, b"inside")
            os.chmod(path, mode)
        os.chmod(folder, 0o750)

    def times(self):
        self.folder(b"times")
        for name, ns in (
            (b"nanoseconds", 1_234_567_890_123_456_789),
            (b"one nanosecond", 1_500_000_000 * NS + 1),
            (b"last nanosecond", 1_500_000_000 * NS + NS - 1),
            (b"epoch", 0),
            (b"half a second before 1970", -NS // 2),
            (b"before 1970", -1_000_000_000 * NS + 123_456_789),
            (b"1901", -2_147_483_648 * NS),
            (b"after 2038", 4_000_000_000 * NS + 987_654_321),
            (b"2200", 7_258_118_400 * NS),
        ):
            path = self.file(b"times", name)
            os.utime(path, ns=(ns, ns))
            assert os.stat(path).st_mtime_ns == ns, f"{name} is no time this file system keeps"
        folder = self.folder(b"times", b"folder before 1970")
        os.utime(folder, ns=(-5 * NS + 7, -5 * NS + 7))

    def names(self):
        self.folder(b"names")
        names = [
            b"newline\nin it", b"\n", b"double \"quote\"", b"single 'quote'", b"back\\slash", b"\\", b"percent %41 %", b"%", b"tab\there",
            b"-rf", b"--", b" leading space", b"trailing space ", b" ", b"$HOME `id` $(id)", b"*", b"?[a]{b,c}!", b"semi;colon&amp|pipe>",
            b"\xff\xfe invalid", b"cut \xc3", b"overlong \xc0\xaf", b"surrogate \xed\xa0\x80", b"latin1 \xe9t\xe9", b"control \x01\x1b[31m\x7f",
            b"case", b"CASE", b"Case", "nfc \u00e9".encode(), "nfd e\u0301".encode(), "\u65e5\u672c\u8a9e".encode(), "\U0001f9ca emoji".encode(),
            "\u043a\u0438\u0440\u0438\u043b\u043b\u0438\u0446\u0430".encode(), "right \u202e to left".encode(), "line \u2028 separator".encode(),
            b"...", b".hidden", b"..hidden", b"~", b"a:b", b"CON", b"nul.txt", b"ends with dot.", b"x" * 255, "\u00e9".encode() * 127 + b"x",
        ]
        for name in names:
            self.file(b"names", name)
        self.folder(b"names", b"folder \n \xff \"", b"below \\ \t")
        self.file(b"names", b"folder \n \xff \"", b"below \\ \t", b"file \xfe")
        # Sorted by bytes of whole paths, these would not stay below their folder.
        for name in (b"order", b"order/x", b"order!", b"order!/x", b"order0/x", b"order.d/x"):
            if b"/" in name:
                self.folder(b"names", os.path.dirname(name))
                self.file(b"names", name)
        self.file(b"names", b"order-")

    def depth(self):
        self.file(self.folder(b"long", *[b"p" * 100 + b"%d" % i for i in range(4)]), b"f" * 200)
        deep = self.folder(b"deep")
        # One step after the other: the whole path is longer than the system takes at once.
        fd = os.open(deep, os.O_RDONLY)
        for i in range(200):
            name = b"nested %d" % i
            os.mkdir(name, 0o755, dir_fd=fd)
            inner = os.open(name, os.O_RDONLY, dir_fd=fd)
            os.close(fd)
            fd = inner
        f = os.open(b"bottom", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640, dir_fd=fd)
        os.write(f, b"at the bottom")
        os.close(f)
        os.close(fd)

    def symlinks(self):
        self.folder(b"symlinks", b"folder")
        self.file(b"symlinks", b"file")
        for name, target in (
            (b"to a file", b"file"), (b"to a folder", b"folder"), (b"dangling", b"no such thing"), (b"absolute", b"/etc/hostname"),
            (b"to itself", b"to itself"), (b"up", b"../../.."), (b"invalid \xff", b"target \xff\xfe"), (b"newline", b"a\nb"),
            (b"very long", b"/".join([b"y" * 99] * 40)), (b"with a slash at the end", b"folder/"), (b"empty-ish", b"."),
        ):
            path = self.at(b"symlinks", name)
            os.symlink(target, path)
            os.utime(path, ns=(self.tick(), self.tick()), follow_symlinks=False)
            if ROOT and name == b"dangling":
                os.chown(path, 1, 2, follow_symlinks=False)

    def specials(self):
        self.folder(b"specials")
        os.mkfifo(self.at(b"specials", b"fifo"), 0o640)
        here = os.getcwd()
        os.chdir(self.at(b"specials"))  # a socket's path has 107 bytes at most
        s = socket.socket(socket.AF_UNIX)
        s.bind(b"socket")
        s.close()
        os.chdir(here)
        if ROOT:
            for name, kind, major, minor in (
                (b"char", stat.S_IFCHR, 1, 3), (b"block", stat.S_IFBLK, 7, 200), (b"large numbers", stat.S_IFCHR, 300, 70000),
            ):
                os.mknod(self.at(b"specials", name), kind | 0o620, os.makedev(major, minor))

    def sparse(self):
        self.folder(b"sparse")
        block = 1 << 20
        for name, parts, size in (
            (b"hole at the start", [(block, 5000)], block + 5000), (b"hole in the middle", [(0, 5000), (2 * block, 5000)], 2 * block + 5000),
            (b"hole at the end", [(0, 5000)], block), (b"all hole", [], 3 * block), (b"many holes", [(i * 128 * 1024, 4096) for i in range(16)], 16 * 128 * 1024),
            (b"zeros, not a hole", [], 0),
        ):
            with open(self.at(b"sparse", name), "xb") as f:
                for at, length in parts:
                    f.seek(at)
                    f.write(self.bytes(length))
                f.truncate(size)
                if name.startswith(b"zeros"):
                    f.write(b"\0" * 200_000)

    def links(self):
        a, b = self.folder(b"links", b"a"), self.folder(b"links", b"b", b"c")
        for group in range(3):
            first = self.file(b"links", b"b", b"first %d" % group)
            for i, folder in enumerate((a, b, self.at(b"links"))[: group + 1]):
                os.link(first, os.path.join(folder, b"link %d-%d" % (group, i)))
        os.symlink(b"file", self.at(b"links", b"symlink"))
        os.link(self.at(b"links", b"symlink"), self.at(b"links", b"a", b"same symlink"), follow_symlinks=False)
        os.mkfifo(self.at(b"links", b"fifo"))
        os.link(self.at(b"links", b"fifo"), self.at(b"links", b"a", b"same fifo"))

    def attributes(self):
        self.folder(b"attributes", b"folder")
        for path in (self.file(b"attributes", b"file"), self.at(b"attributes", b"folder")):
            os.setxattr(path, b"user.text", b"plain")
            os.setxattr(path, b"user.binary", bytes(range(256)))
            os.setxattr(path, b"user.empty", b"")
            os.setxattr(path, b"user.name with \xff \" = and space", b"x\ny")
        self.attributes_supported_size(self.file(b"attributes", b"large"))
        if ROOT:
            os.setxattr(self.at(b"attributes", b"file"), b"trusted.holdfast", b"for root only")
            os.symlink(b"file", self.at(b"attributes", b"symlink"))
            os.setxattr(self.at(b"attributes", b"symlink"), b"trusted.link", b"on a symlink", follow_symlinks=False)
            cap = struct.pack("<IIIII", 0x02000001, 1 << 10, 0, 0, 0)  # cap_net_bind_service, effective
            os.setxattr(self.file(b"attributes", b"capability"), b"security.capability", cap)

    def attributes_supported_size(self, path):
        os.setxattr(path, b"user.large", self.bytes(2000))

    def acls(self):
        self.folder(b"acls", b"folder", b"inside")
        acl(self.file(b"acls", b"file"), "-m", "u:1:rw,g:2:r,m::rwx")
        acl(self.file(b"acls", b"masked"), "-m", "u:1:rwx,m::r")
        acl(self.file(b"acls", b"nobody's number"), "-m", "u:54321:r,g:54321:rw")
        acl(self.at(b"acls", b"folder"), "-m", "u:2:rx", "-d", "-m", "u:1:rwx,g:1:rx,o::-")
        self.file(b"acls", b"folder", b"inherits")
        self.folder(b"acls", b"folder", b"inherits too")
        acl(self.folder(b"acls", b"default only"), "-d", "-m", "u:1:r")

    def owners(self):
        self.folder(b"owners")
        self.file(b"owners", b"mine")
        if not ROOT:
            return
        for name, user, group in ((b"named", 1, 2), (b"nameless", 54321, 54322), (b"large", 2**31 + 5, 4_000_000_000), (b"group only", 0, 1)):
            os.chown(self.file(b"owners", name), user, group)
            os.chown(self.folder(b"owners", name + b" folder"), user, group)
        setuid = self.file(b"owners", b"setuid of another")
        os.chown(setuid, 1, 1)
        os.chmod(setuid, 0o6755)

    def tick(self):
        self.clock += 1000
        return self.clock * NS + self.random.randrange(NS)

    def settle(self):
        """A known time for everything that has none yet, so that one seed gives one tree."""
        for folder, fd in walk_fds(self.top, bottom_up=True):
            for name in sorted(os.listdir(fd)):
                path = name
                s = os.stat(path, dir_fd=fd, follow_symlinks=False)
                has_time = folder.endswith(b"/times") or folder.endswith(b"/symlinks") and stat.S_ISLNK(s.st_mode)
                if not stat.S_ISDIR(s.st_mode) and not has_time:
                    t = self.tick()
                    os.utime(path, ns=(t, t), dir_fd=fd, follow_symlinks=False)
            if folder != self.top and os.path.basename(folder) != b"folder before 1970":
                t = self.tick()
                os.utime(fd, ns=(t, t))
        t = self.tick()
        os.utime(self.top, ns=(t, t))


def walk_fds(top, bottom_up=False):
    """Every folder with a descriptor of it, whatever the length of its path. Folders that cannot be opened are left out."""
    try:
        fd = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        return
    yield from _walk(top, fd, bottom_up)


def _walk(path, fd, bottom_up):
    try:
        if not bottom_up:
            yield path, fd
        for name in sorted(map(os.fsencode, os.listdir(fd))):
            if stat.S_ISDIR(os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode):
                try:
                    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=fd)
                except PermissionError:
                    continue
                yield from _walk(path + b"/" + name, inner, bottom_up)
        if bottom_up:
            yield path, fd
    finally:
        os.close(fd)


class Mutator:
    def __init__(self, path, seed):
        self.top = path
        self.random = random.Random(seed)
        self.clock = 1_700_000_000 + self.random.randrange(10**8)
        self.serial = 0

    def paths(self, wanted):
        found = []
        for folder, fd in walk_fds(self.top):
            if len(folder) > 3000:
                continue
            for name in sorted(map(os.fsencode, os.listdir(fd))):
                s = os.stat(name, dir_fd=fd, follow_symlinks=False)
                if wanted(s):
                    found.append(folder + b"/" + name)
        return found

    def some(self, wanted, share=0.06, least=1):
        found = self.paths(wanted)
        return self.random.sample(found, min(len(found), max(least, int(len(found) * share))))

    def new_name(self):
        self.serial += 1
        return b"mutated %d-%d %s" % (self.serial, self.random.randrange(10**6), self.random.choice([b"", b"\xff", b"\n", b"\\", b"%", "\u00e9".encode()]))

    def folder(self):
        return self.random.choice(self.writable_folders())

    def writable_folders(self):
        return [p for p in self.paths(lambda s: stat.S_ISDIR(s.st_mode)) + [self.top] if os.access(p, os.W_OK | os.X_OK)]

    def stamp(self, path):
        self.clock += 1
        t = self.clock * NS + self.random.randrange(NS)
        os.utime(path, ns=(t, t), follow_symlinks=False)

    def mutate(self):
        steps = [self.edit, self.edit_unseen, self.append, self.truncate, self.punch, self.rename_files, self.rename_folders, self.swap, self.chmod, self.touch, self.xattrs,
                 self.acls, self.retype, self.link, self.unlink_group, self.delete_files, self.delete_folder, self.add]
        if ROOT:
            steps.append(self.chown)
        self.random.shuffle(steps)
        before = self.inodes()
        self.unseen = set()
        for step in steps:
            try:
                step()
            except PermissionError:
                if ROOT:
                    raise
        self.let_moved_edits_be_seen(before)

    def inodes(self):
        return {path: os.lstat(path).st_ino for path in self.paths(self.files)}

    def let_moved_edits_be_seen(self, before):
        """A renamed file counts as the same by inode, birth, size and mtime; other bytes behind all of these nobody can know."""
        for path, inode in self.inodes().items():
            if inode in self.unseen and before.get(path) != inode:
                self.stamp(path)

    files = staticmethod(lambda s: stat.S_ISREG(s.st_mode))
    folders = staticmethod(lambda s: stat.S_ISDIR(s.st_mode))
    links = staticmethod(lambda s: stat.S_ISREG(s.st_mode) and s.st_nlink > 1)

    def may_write(self, path):
        return os.access(path, os.W_OK)

    def edit(self):
        for path in self.some(self.files):
            if self.may_write(path):
                with open(path, "wb") as f:
                    f.write(self.random.randbytes(self.random.randrange(5000)))
                self.stamp(path)

    def edit_unseen(self):
        """Other bytes, same size, same mtime: only ctime tells."""
        for path in self.some(lambda s: stat.S_ISREG(s.st_mode) and 0 < s.st_size < 200_000 and s.st_nlink == 1, least=2):
            if self.may_write(path):
                s = os.stat(path)
                self.unseen.add(s.st_ino)
                with open(path, "r+b") as f:
                    at = self.random.randrange(s.st_size)
                    f.seek(at)
                    old = f.read(1)
                    f.seek(at)
                    f.write(bytes([old[0] ^ 0x55]))
                os.utime(path, ns=(s.st_atime_ns, s.st_mtime_ns))

    def append(self):
        for path in self.some(self.files, 0.03):
            if self.may_write(path):
                with open(path, "ab") as f:
                    f.write(self.random.randbytes(100))
                self.stamp(path)

    def truncate(self):
        for path in self.some(lambda s: stat.S_ISREG(s.st_mode) and s.st_size > 10, 0.02):
            if self.may_write(path):
                os.truncate(path, os.stat(path).st_size // 2)
                self.stamp(path)

    def punch(self):
        for path in self.some(self.files, 0.01):
            if self.may_write(path):
                os.truncate(path, os.stat(path).st_size + 300_000)
                self.stamp(path)

    def rename_files(self):
        for path in self.some(lambda s: not stat.S_ISDIR(s.st_mode), 0.04):
            if self.may_write(os.path.dirname(path)):
                os.rename(path, os.path.join(self.folder(), self.new_name()))

    def rename_folders(self):
        for path in self.some(self.folders, 0.05):
            target = self.folder()
            if os.path.isdir(path) and self.may_write(os.path.dirname(path)) and self.may_write(path) and not (target + b"/").startswith(path + b"/") and len(target) < 2000:
                os.rename(path, os.path.join(target, self.new_name()))

    def swap(self):
        found = self.some(self.files, 0, 2)
        if len(found) == 2 and all(self.may_write(os.path.dirname(p)) for p in found):
            a, b = found
            between = os.path.join(self.top, self.new_name())
            os.rename(a, between)
            os.rename(b, a)
            os.rename(between, b)

    def chmod(self):
        for path in self.some(self.files) + self.some(self.folders, 0.04):
            if os.stat(path).st_uid == os.geteuid() or ROOT:
                os.chmod(path, self.random.choice([0o600, 0o640, 0o644, 0o755, 0o711, 0o4755, 0o1700]) | 0o700 * os.path.isdir(path))

    def chown(self):
        for path in self.some(lambda s: True, 0.04):
            os.chown(path, self.random.choice([0, 1, 54321]), self.random.choice([0, 2, 54322]), follow_symlinks=False)

    def touch(self):
        for path in self.some(lambda s: True, 0.05):
            if os.lstat(path).st_uid == os.geteuid() or ROOT:
                self.clock += 1
                t = self.random.choice([self.clock * NS + self.random.randrange(NS), -self.random.randrange(10**18), 4_100_000_000 * NS + 1])
                os.utime(path, ns=(t, t), follow_symlinks=False)

    def xattrs(self):
        for path in self.some(lambda s: stat.S_ISREG(s.st_mode) or stat.S_ISDIR(s.st_mode), 0.05):
            if not self.may_write(path):
                continue
            mine = [n for n in os.listxattr(path) if n.startswith("user.")]
            if mine and self.random.random() < 0.5:
                os.removexattr(path, self.random.choice(sorted(mine)))
            else:
                os.setxattr(path, b"user.mutated", self.random.randbytes(self.random.randrange(300)))

    def acls(self):
        for path in self.some(self.files, 0.02) + self.some(self.folders, 0.03):
            if os.stat(path).st_uid == os.geteuid() or ROOT:
                acl(path, *self.random.choice([["-b"], ["-m", "u:%d:rwx" % self.random.randrange(1, 9)], ["-m", "g:3:r,m::rx"]]))

    def retype(self):
        """file -> folder, folder -> file, symlink -> file, file -> symlink"""
        for path in self.some(self.files, 0, 2):
            if self.may_write(os.path.dirname(path)):
                os.remove(path)
                os.mkdir(path)
                with open(path + b"/was a file", "wb") as f:
                    f.write(b"now a folder")
        for path in self.some(self.files, 0, 2):
            if self.may_write(os.path.dirname(path)):
                os.remove(path)
                os.symlink(b"was a file", path)
        for path in self.some(lambda s: stat.S_ISLNK(s.st_mode), 0, 2):
            if self.may_write(os.path.dirname(path)):
                os.remove(path)
                with open(path, "wb") as f:
                    f.write(b"was a symlink")
        for path in self.some(self.folders, 0, 1):
            if self.may_write(os.path.dirname(path)) and len(path) < 1000 and path.count(b"/") > self.top.count(b"/") + 1:
                remove_tree(path)
                with open(path, "wb") as f:
                    f.write(b"was a folder")

    def link(self):
        for path in self.some(self.files, 0, 3):
            if os.stat(path).st_uid == os.geteuid() or ROOT:
                os.link(path, os.path.join(self.folder(), self.new_name()))

    def unlink_group(self):
        """One name leaves its group and becomes a file of its own with the same bytes."""
        for path in self.some(self.links, 0, 1):
            if self.may_write(os.path.dirname(path)) and os.access(path, os.R_OK):
                with open(path, "rb") as f:
                    data = f.read()
                os.remove(path)
                with open(path, "xb") as f:
                    f.write(data)
                self.stamp(path)

    def delete_files(self):
        for path in self.some(lambda s: not stat.S_ISDIR(s.st_mode), 0.04):
            if self.may_write(os.path.dirname(path)):
                os.remove(path)

    def delete_folder(self):
        for path in self.some(self.folders, 0, 1):
            if path.count(b"/") > self.top.count(b"/") + 1 and self.may_write(os.path.dirname(path)):
                remove_tree(path)

    def add(self):
        for _ in range(5):
            path = os.path.join(self.folder(), self.new_name())
            with open(path, "xb") as f:
                f.write(self.random.randbytes(self.random.randrange(8000)))
            self.stamp(path)
        path = os.path.join(self.folder(), self.new_name())
        os.mkdir(path)
        os.symlink(b"new \xff", path + b"/link")
        os.mkfifo(path + b"/fifo")


def remove_tree(path):
    if not ROOT:
        subprocess.run(["chmod", "-R", "u+rwx", "--", path], check=True)
    subprocess.run(["rm", "-rf", "--", path], check=True)


def quote(b):
    return "".join(chr(c) if 32 < c < 127 and c not in b"\\" else f"\\x{c:02x}" for c in b)


def state(top):
    """One line a path: quoted path, tab, then key=value fields parted by tabs."""
    top = top.rstrip(b"/") or b"/"
    groups = {}
    out = []

    def line(path, at, fd):
        s = os.stat(at, dir_fd=fd, follow_symlinks=False) if fd is not None else os.stat(at)
        kind = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "symlink", stat.S_IFIFO: "fifo", stat.S_IFSOCK: "socket", stat.S_IFCHR: "char", stat.S_IFBLK: "block"}[stat.S_IFMT(s.st_mode)]
        fields = [f"type={kind}", f"mode={stat.S_IMODE(s.st_mode):04o}", f"owner={s.st_uid}:{s.st_gid}", f"mtime={s.st_mtime_ns}"]
        if kind == "file":
            fields += [f"size={s.st_size}", "sha256=" + digest(at, fd)]
        if kind == "symlink":
            fields.append("target=" + quote(os.fsencode(os.readlink(at, dir_fd=fd))))
        if kind in ("char", "block"):
            fields.append(f"device={os.major(s.st_rdev)},{os.minor(s.st_rdev)}")
        if kind != "folder" and s.st_nlink > 1:
            fields.append("linked=" + groups.setdefault((s.st_dev, s.st_ino), path))
        proc = b"/proc/self/fd/%d/%s" % (fd, at) if fd is not None else at
        try:
            # xfs shows ACLs a second time in a form of its own.
            names = sorted(os.fsencode(n) for n in os.listxattr(proc, follow_symlinks=False) if not n.startswith("trusted.SGI_ACL_"))
        except OSError:
            names = []
        for name in names:
            if name not in (b"security.selinux",):
                try:
                    fields.append(f"xattr {quote(name)}=" + os.getxattr(proc, name, follow_symlinks=False).hex())
                except OSError as e:
                    fields.append(f"xattr {quote(name)}=unreadable {e.errno}")
        out.append("\t".join([path, *fields]))
        return kind

    def digest(name, fd):
        try:
            f = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=fd)
        except PermissionError:
            return "unreadable"
        with open(f, "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()

    def walk(path, fd):
        for name in sorted(map(os.fsencode, os.listdir(fd))):
            below = name if not path else path + b"/" + name
            if line(quote(below), name, fd) != "folder":
                continue
            try:
                inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=fd)
            except PermissionError:
                out.append(quote(below) + "/\tunreadable=yes")
                continue
            walk(below, inner)
            os.close(inner)

    line(".", top, None)
    fd = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    walk(b"", fd)
    sys.stdout.write("\n".join(out) + "\n")


def main():
    verb, path = sys.argv[1], os.fsencode(sys.argv[2])
    os.umask(0o022)
    sys.setrecursionlimit(5000)
    if verb == "build":
        Builder(path, int(sys.argv[3])).build(int(sys.argv[4]))
    elif verb == "mutate":
        Mutator(path, int(sys.argv[3])).mutate()
    else:
        state(path)


main()
