using System.Text.Json;
using System.Text.RegularExpressions;
using Holdfast.Library.Http;

namespace Holdfast.Server.Routing;

/// <summary>The OpenAPI document (https://spec.openapis.org/oas/v3.1.0), made from the table of routes, so that it says what the server does.</summary>
internal static partial class OpenApi
{
    // Methods an OpenAPI path may have; those of WebDAV are not among them.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal) { "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH" };

    public static byte[] Write(IEnumerable<Route> routes) => Wire.Write(json =>
    {
        json.WriteString("openapi", "3.1.0");
        json.WriteStartObject("info");
        json.WriteString("title", "Holdfast library");
        json.WriteString("version", "1");
        json.WriteEndObject();
        json.WriteStartObject("components");
        json.WriteStartObject("securitySchemes");
        Scheme(json, "token", "bearer", "A token of 'holdfast token add'.");
        Scheme(json, "password", "basic", "Any name, and the token as the password.");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("paths");
        foreach (var path in routes.Where(r => Known.Contains(r.Method)).GroupBy(r => PathOf(r.Path)))
        {
            json.WriteStartObject(path.Key);
            foreach (var route in path)
                Put(json, route);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    private static void Put(Utf8JsonWriter json, Route route)
    {
        json.WriteStartObject(route.Method.ToLowerInvariant());
        json.WriteString("summary", route.Summary);
        if (route.Needs is { } scope)
        {
            json.WriteString("description", $"Needs a token of the scope '{scope.ToString().ToLowerInvariant()}'.");
            Security(json, route.TakesPassword ? ["token", "password"] : ["token"]);
        }
        Parameters(json, route);
        if (route.Body is { } body)
        {
            json.WriteStartObject("requestBody");
            Content(json, body);
            json.WriteEndObject();
        }
        json.WriteStartObject("responses");
        json.WriteStartObject("2XX");
        json.WriteString("description", "done");
        if (route.Method != "HEAD")
            Content(json, route.Answer);
        json.WriteEndObject();
        Failure(json, "4XX", "refused; 'error' says why");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Parameters(Utf8JsonWriter json, Route route)
    {
        json.WriteStartArray("parameters");
        foreach (Match part in Part().Matches(route.Path))
            Put(part.Groups["name"].Value, "path", "which", isRequired: true);
        foreach (var parameter in route.Query)
            Put(parameter.Name, "query", parameter.Summary, parameter.IsRequired);
        json.WriteEndArray();

        void Put(string name, string where, string summary, bool isRequired)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("in", where);
            json.WriteString("description", summary);
            json.WriteBoolean("required", isRequired);
            json.WriteStartObject("schema");
            json.WriteString("type", "string");
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void Security(Utf8JsonWriter json, string[] schemes)
    {
        json.WriteStartArray("security");
        foreach (var scheme in schemes)
        {
            json.WriteStartObject();
            json.WriteStartArray(scheme);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Scheme(Utf8JsonWriter json, string name, string scheme, string description)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "http");
        json.WriteString("scheme", scheme);
        json.WriteString("description", description);
        json.WriteEndObject();
    }

    private static void Content(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject("content");
        json.WriteStartObject(type);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Failure(Utf8JsonWriter json, string status, string description)
    {
        json.WriteStartObject(status);
        json.WriteString("description", description);
        json.WriteEndObject();
    }

    private static string PathOf(string route) => route.Replace("{**", "{", StringComparison.Ordinal);

    [GeneratedRegex(@"\{(\*\*)?(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
