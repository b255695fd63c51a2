using System.Text;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Logs;

/// <summary>Recognizes requests of Ollama's API and its clients, and the rule that allows each. Pure.</summary>
internal static class KnownRequests
{
    private static readonly RuleSet Plain = RuleSet.Compile([
        .. Profiles.Names.SelectMany(name => Profiles.TryGet(name, out IReadOnlyList<Rule>? rules) ? rules : []),
        .. OllamaRoutes.All.Where(route => !route.IsManagement).Select(route => route.Rule),
    ]);

    private static readonly RuleSet Management = RuleSet.Compile([
        .. OllamaRoutes.All.Concat(LlamaRoutes.All).Where(route => route.IsManagement).Select(route => route.Rule),
    ]);

    /// <summary>Whether the path belongs to a management route, in any spelling and with any method: a method that
    /// Ollama refuses today may work in a later version. A request that only lacks <c>/v1</c> or <c>/api</c> does not
    /// count, such as <c>GET /models</c> beside llama.cpp's <c>DELETE /models</c>.</summary>
    public static bool IsManagement(string method, string path)
    {
        if (!Ascii.IsValid(path) || !Ascii.IsValid(method))
            return false;
        byte[] decoded = LiteralSegments.Decode(Encoding.ASCII.GetBytes(path));
        if (KnownCures.Of(Encoding.ASCII.GetBytes(method), decoded) is { Kind: CureKind.Versionless })
            return false;
        return Management.Match("POST"u8, decoded).Kind != RouteMatchKind.UnknownPath;
    }

    /// <summary>Returns the rule that allows this method on all paths of the request's route; null if the route is
    /// unknown.</summary>
    public static Rule? RuleFor(string method, string path)
    {
        if (!Ascii.IsValid(path) || !Ascii.IsValid(method))
            return null;
        byte[] bytes = Encoding.ASCII.GetBytes(path);
        RouteMatch match = Plain.Match(Encoding.ASCII.GetBytes(method), bytes);
        if (match.Allowed)
            return new Rule([method], Plain.Items[match.RuleIndex].Segments);
        // A browser sends a CORS preflight to any path that it is about to use.
        return method == "OPTIONS" && match.Kind == RouteMatchKind.MethodNotAllowed ? Preflight(bytes) : null;
    }

    private static Rule? Preflight(byte[] path) =>
        Plain
            .Items.SelectMany(rule => rule.Methods)
            .Distinct()
            .Select(method => Plain.Match(Encoding.ASCII.GetBytes(method), path))
            .Where(match => match.Allowed)
            .Select(match => new Rule(["OPTIONS"], Plain.Items[match.RuleIndex].Segments))
            .FirstOrDefault();
}
