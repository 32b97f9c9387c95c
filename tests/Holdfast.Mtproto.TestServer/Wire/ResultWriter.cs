using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Wire;

/// <summary>Answers are objects, booleans, or vectors of objects.</summary>
internal static class ResultWriter
{
    public static void Write(TlWriter w, object answer)
    {
        switch (answer)
        {
            case ITlObject one:
                one.WriteTo(w);
                break;
            case bool flag:
                w.Bool(flag);
                break;
            case ITlObject[] many:
                w.VectorHead(many.Length);
                foreach (var item in many) item.WriteTo(w);
                break;
            default:
                throw new InvalidOperationException($"A {answer.GetType().Name} cannot be answered.");
        }
    }
}
