using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Runs;
using Holdfast.Core.Jobs;
using Holdfast.Server.Access;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast token</c>: who may use the server of a library.</summary>
internal static class TokenCommand
{
    private static readonly Option<string> Library = new("--library") { Description = "The library: its folder, library:PATH, or a job that has one", HelpName = "PATH", Required = true };
    private static readonly Argument<string> Name = new("NAME") { Description = "Whose token it is, for you" };
    private static readonly Option<Scope> Scope = new("--scope") { Description = "What it may do: read, append (add, but never replace or remove), full", HelpName = "read|append|full", DefaultValueFactory = _ => Server.Access.Scope.Append };
    private static readonly Option<string?> Expires = new("--expires") { Description = "It ends after this time (90d)", HelpName = "DURATION" };
    private static readonly Option<string?> Quota = new("--quota") { Description = "Bytes it may bring into the library (50G); more is answered with 507", HelpName = "SIZE" };

    public static Verb Create()
    {
        var verb = new Verb("token", "Let clients in to the server of a library, with the server running or not");
        verb.Add(Add());
        verb.Add(List());
        verb.Add(Revoke());
        return verb;
    }

    private static Verb Add()
    {
        var verb = New("add", "Make a token and print it, once", "holdfast token add phone --library /srv/photos --scope append");
        verb.Add(Name);
        verb.Add(Scope);
        verb.Add(Expires);
        verb.Add(Quota);
        return verb.Does((session, parse, _) =>
        {
            using var tokens = Open(session, parse);
            var now = session.Time.GetUtcNow();
            var text = tokens.Add(parse.GetRequiredValue(Name), parse.GetValue(Scope), now, now + FlagValue.Of(parse, Expires, Duration.Parse), FlagValue.Of(parse, Quota, ByteSize.Parse));
            if (session.Json)
                JsonLine.Write(StandardStreams.Out, json => json.WriteString("token", text));
            else
                StandardStreams.Text.WriteLine(text);
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Verb List() => New("list", "Show whose tokens there are", "holdfast token list --library /srv/photos").Does((session, parse, _) =>
    {
        using var tokens = Open(session, parse);
        foreach (var token in tokens.All)
            if (session.Json)
                JsonLine.Write(StandardStreams.Out, json =>
                {
                    json.WriteString("name", token.Name);
                    json.WriteString("scope", token.Scope.ToString().ToLowerInvariant());
                    json.WriteTime("created", token.Created);
                    if (token.Expires is { } end)
                        json.WriteTime("expires", end);
                    if (token.Quota is { } quota)
                        json.WriteNumber("quota", quota);
                });
            else
                session.Text.WriteLine($"{token.Name}  {token.Scope.ToString().ToLowerInvariant()}  made {Sizes.Time(token.Created)}{(token.Expires is { } end ? $", ends {Sizes.Time(end)}" : "")}{(token.Quota is { } quota ? $", brings at most {Sizes.Bytes(quota)}" : "")}");
        return Task.FromResult(ExitCode.Done);
    });

    private static Verb Revoke()
    {
        var verb = New("revoke", "Make a token worthless from now on", "holdfast token revoke phone --library /srv/photos");
        verb.Add(Name);
        return verb.Does((session, parse, _) =>
        {
            using var tokens = Open(session, parse);
            tokens.Revoke(parse.GetRequiredValue(Name));
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Verb New(string name, string description, string example)
    {
        var verb = new Verb(name, description) { ExitCodes = [ExitCode.Failed, ExitCode.NoPlace], Examples = [example] };
        verb.Add(Library);
        return verb;
    }

    private static TokenFile Open(Session session, ParseResult parse)
    {
        // A typing error must not make a folder of tokens beside nothing.
        LibraryChoice.Of(session, parse.GetRequiredValue(Library)).OpenSnapshots().Dispose();
        return new TokenFile(LibraryChoice.PathOf(session, parse.GetRequiredValue(Library)));
    }
}
