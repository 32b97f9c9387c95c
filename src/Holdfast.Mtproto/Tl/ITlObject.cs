namespace Holdfast.Mtproto.Tl;

/// <summary>Anything the type language can write: a constructor with its values, or a method with its arguments.</summary>
public interface ITlObject
{
    /// <summary>Writes the constructor's id and its values.</summary>
    /// <param name="w">Where to.</param>
    void WriteTo(TlWriter w);
}

/// <summary>A call whose answer's type does not matter here.</summary>
public interface ITlMethod : ITlObject
{
    /// <summary>The method's name in the schema, for example <c>messages.getHistory</c>.</summary>
    string Method { get; }
}

/// <summary>A call: its arguments, and how its answer is read.</summary>
/// <typeparam name="TResult">What the server answers.</typeparam>
public interface ITlMethod<out TResult> : ITlMethod
{
    /// <summary>Reads the answer. It must not keep the reader's memory: that goes back to a pool.</summary>
    /// <param name="r">Stands at the answer's first byte.</param>
    /// <exception cref="TlException">The answer is not what the schema says.</exception>
    TResult ReadResult(ref TlReader r);
}
