using Holdfast.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Server.Routing;

/// <summary>One thing the server can be asked for. Everything it answers to stands in one table, which the gate, the audit log and the OpenAPI document are made from.</summary>
/// <param name="Method">GET, POST, …</param>
/// <param name="Path">The path, with {id} for what varies.</param>
/// <param name="Needs">The scope a token needs; null when none is needed.</param>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Handle">Does it.</param>
internal sealed record Route(string Method, string Path, Scope? Needs, string Summary, Func<HttpContext, Task> Handle)
{
    /// <summary>What stands in the query.</summary>
    public IReadOnlyList<Parameter> Query { get; init; } = [];

    /// <summary>The type of the body that is sent, or null for none.</summary>
    public string? Body { get; init; }

    /// <summary>The type of the answer.</summary>
    public string Answer { get; init; } = "application/json";

    /// <summary>True for programs that only know a name and a password: the token is the password.</summary>
    public bool TakesPassword { get; init; }

    /// <summary>False for requests of which one upload makes thousands.</summary>
    public bool IsAudited { get; init; } = Needs is Scope.Append or Scope.Full;
}

/// <summary>Something in a query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it means.</param>
/// <param name="IsRequired">Whether it must be there.</param>
internal sealed record Parameter(string Name, string Summary, bool IsRequired = false);
