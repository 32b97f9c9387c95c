namespace Holdfast.Library.Sorting;

/// <summary>What became of a request to move or to remove a file of a library.</summary>
public enum Sorted
{
    /// <summary>It is done, durably.</summary>
    Done,

    /// <summary>There is no such file or folder.</summary>
    NotThere,

    /// <summary>Something has the name it was to get, or one that some system takes for the same.</summary>
    Taken,

    /// <summary>The file has other contents than the caller thinks; it stays.</summary>
    OtherContents,

    /// <summary>The folder holds something; it stays.</summary>
    NotEmpty,
}
