using Holdfast.Core.Model;

namespace Holdfast.Testing.Faults;

internal static class Attempt
{
    public static T Run<T>(FaultPlan plan, FolderOperation operation, string display, EntryPath path, EntryPath? other, Func<T> action)
    {
        if (plan.Before(operation, display, path, other, out var after) is { } before)
            throw before;
        var result = action();
        if (after is null)
            return result;
        (result as IDisposable)?.Dispose();
        throw after;
    }

    public static void Run(FaultPlan plan, FolderOperation operation, string display, EntryPath path, Action action) =>
        Run<object?>(plan, operation, display, path, null, () =>
        {
            action();
            return null;
        });
}
