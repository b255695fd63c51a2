using System.Text;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Logs;

/// <summary>Which requests are Ollama's own or its clients', and by which rule each would be opened. Pure.</summary>
internal static class KnownRequests
{
    private static readonly RuleSet Plain = RuleSet.Compile([
        .. Profiles.Names.SelectMany(name => Profiles.TryGet(name, out IReadOnlyList<Rule>? rules) ? rules : []),
        .. OllamaRoutes.All.Where(route => !route.IsManagement).Select(route => route.Rule),
    ]);

    private static readonly RuleSet Management = RuleSet.Compile([
        .. OllamaRoutes.All.Concat(LlamaRoutes.All).Where(route => route.IsManagement).Select(route => route.Rule),
    ]);

    /// <summary>The path manages something, however it is spelled and whatever the method: what is refused today may
    /// run tomorrow. Not so if the refusal says that only <c>/v1</c> or <c>/api</c> is missing: <c>GET /models</c>
    /// beside llama.cpp's <c>DELETE /models</c>.</summary>
    public static bool IsManagement(string method, string path)
    {
        if (!Ascii.IsValid(path) || !Ascii.IsValid(method))
            return false;
        byte[] decoded = LiteralSegments.Decode(Encoding.ASCII.GetBytes(path));
        if (KnownCures.Of(Encoding.ASCII.GetBytes(method), decoded) is { Kind: CureKind.Versionless })
            return false;
        return Management.Match("POST"u8, decoded).Kind != RouteMatchKind.UnknownPath;
    }

    /// <summary>The rule that would let through this method on this path and on those of its kind; null if none is
    /// known.</summary>
    public static Rule? RuleFor(string method, string path)
    {
        if (!Ascii.IsValid(path) || !Ascii.IsValid(method))
            return null;
        byte[] bytes = Encoding.ASCII.GetBytes(path);
        RouteMatch verdict = Plain.Match(Encoding.ASCII.GetBytes(method), bytes);
        if (verdict.Allowed)
            return new Rule([method], Plain.Items[verdict.RuleIndex].Segments);
        // A browser asks beforehand, on any path that it is about to use.
        return method == "OPTIONS" && verdict.Kind == RouteMatchKind.MethodNotAllowed ? Preflight(bytes) : null;
    }

    private static Rule? Preflight(byte[] path) =>
        Plain
            .Items.SelectMany(rule => rule.Methods)
            .Distinct()
            .Select(method => Plain.Match(Encoding.ASCII.GetBytes(method), path))
            .Where(verdict => verdict.Allowed)
            .Select(verdict => new Rule(["OPTIONS"], Plain.Items[verdict.RuleIndex].Segments))
            .FirstOrDefault();
}
