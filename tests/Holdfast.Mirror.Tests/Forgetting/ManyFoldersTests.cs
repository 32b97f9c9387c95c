using Holdfast.Core.FileSystem;
using Holdfast.Mirror.Forgetting;

namespace Holdfast.Mirror.Tests.Forgetting;

public sealed class ManyFoldersTests
{
    [Fact]
    public void EachIsTakenOnce()
    {
        var taken = new System.Collections.Concurrent.ConcurrentBag<int>();

        ManyFolders.Do(Enumerable.Range(0, 10_000), taken.Add);

        taken.Order().ShouldBe(Enumerable.Range(0, 10_000));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnErrorComesAsItWas(bool ofTheEnumeration)
    {
        var error = new FileSystemException("read", "steps", Errno.InputOutput);
        IEnumerable<int> Numbers()
        {
            yield return 1;
            yield return 2;
            if (ofTheEnumeration)
                throw error;
        }

        Should.Throw<FileSystemException>(() => ManyFolders.Do(Numbers(), number =>
        {
            if (number == 2 && !ofTheEnumeration)
                throw error;
        })).ShouldBeSameAs(error);
    }
}
