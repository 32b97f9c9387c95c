using System.Security.Cryptography;
using Holdfast.Mtproto.Sessions;

namespace Holdfast.Mtproto.Tests;

public sealed class SessionFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mtproto-session-").FullName;

    private string FilePath => Path.Combine(_folder, "telegram.session");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ASessionIsEncryptedAndReadableByItsOwnerAlone()
    {
        var session = "a secret auth key"u8.ToArray();
        await using (var file = SessionFile.Open(FilePath, "passphrase"u8))
        {
            (await file.LoadAsync(CancellationToken.None)).ShouldBeNull();
            await file.SaveAsync(session, CancellationToken.None);
        }
        var bytes = await File.ReadAllBytesAsync(FilePath);
        bytes.AsSpan().IndexOf("secret"u8).ShouldBe(-1);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var again = SessionFile.Open(FilePath, "passphrase"u8);
        (await again.LoadAsync(CancellationToken.None)).ShouldBe(session);
        Directory.GetFiles(_folder, "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public async Task AWrongSecretAndADamagedFileAreErrors()
    {
        await using (var file = SessionFile.Open(FilePath, "right"u8)) await file.SaveAsync(new byte[100], CancellationToken.None);
        await using (var wrong = SessionFile.Open(FilePath, "wrong"u8))
            (await Should.ThrowAsync<CryptographicException>(() => wrong.LoadAsync(CancellationToken.None))).Message.ShouldContain("secret");
        var bytes = await File.ReadAllBytesAsync(FilePath);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(FilePath, bytes);
        await using var damaged = SessionFile.Open(FilePath, "right"u8);
        await Should.ThrowAsync<CryptographicException>(() => damaged.LoadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task ASessionInUseIsNotOpenedTwice()
    {
        await using var first = SessionFile.Open(FilePath, "x"u8);
        Should.Throw<IOException>(() => SessionFile.Open(FilePath, "x"u8)).Message.ShouldContain("in use");
    }

    [Fact]
    public async Task AClientGoesOnFromItsFile()
    {
        await using var telegram = new TelegramFixture();
        await using (var file = SessionFile.Open(FilePath, "x"u8))
        await using (var first = await TelegramClient.OpenAsync(telegram.Options(), file))
            await TelegramFixture.LogInAsync(first, "15550001", "s3cret");
        await using var again = SessionFile.Open(FilePath, "x"u8);
        await using var second = await TelegramClient.OpenAsync(telegram.Options(), again);
        second.UserId.ShouldBe(1001);
        (await second.CallAsync(new Tl.UpdatesGetState())).Pts.ShouldBeGreaterThan(0);
    }
}
