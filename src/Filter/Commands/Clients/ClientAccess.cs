using System.Text;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.Gate;

namespace FastGate.Commands.Clients;

/// <summary>What the present rules allow a client, decided by the gate's own code. Pure.</summary>
/// <param name="Client">The client.</param>
/// <param name="Url">The URL to use; null while the gate has no address.</param>
/// <param name="Missing">The needed requests that are refused.</param>
/// <param name="Optional">The refused requests that it can do without.</param>
/// <param name="IsForeignHost">The gate does not recognize the host of the URL as its own.</param>
/// <param name="Add">The lines that <c>allow</c> lacks; empty if every request is allowed.</param>
internal sealed record ClientAccess(
    Client Client,
    GateUrl? Url,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Optional,
    bool IsForeignHost,
    IReadOnlyList<string> Add
)
{
    // Any model's name: no rule of a profile depends on it.
    private const string Model = "qwen3:8b";

    public ClientOutcome Outcome =>
        IsForeignHost || Missing.Count > 0 ? ClientOutcome.Refused
        : Optional.Count > 0 ? ClientOutcome.Partly
        : ClientOutcome.Allowed;

    /// <summary>Takes the URL of the listener that allows most.</summary>
    /// <param name="client">The client.</param>
    /// <param name="plan">The gate's plan.</param>
    /// <param name="urls">The gate's URLs, the one to prefer first.</param>
    public static ClientAccess Of(Client client, GatePlan plan, IReadOnlyList<GateUrl> urls) =>
        urls.DistinctBy(url => url.Listener)
            .Select(url => Of(client, plan, plan.Listeners[url.Listener], url))
            .DefaultIfEmpty(Of(client, plan, plan.Listeners[0], null))
            .MinBy(access => access.Outcome)!;

    private static ClientAccess Of(Client client, GatePlan plan, PlannedListener listener, GateUrl? url)
    {
        string host = url?.Authority ?? "localhost";
        string[] present = [.. listener.Lines.Select(line => line.Value.Trim())];
        VerdictKind[] needs = [.. client.Needs.Select(Decide)];
        string[] missing = [.. Refused(client.Needs)];
        string[] optional = [.. Refused(client.Uses)];
        return new ClientAccess(
            client,
            url,
            missing,
            optional,
            needs.Contains(VerdictKind.Host),
            missing.Length + optional.Length == 0
                ? []
                : [.. client.Allow.Where(line => ClientRules.Helps(line, present))]
        );

        IEnumerable<string> Refused(IEnumerable<string> requests) =>
            requests.Where(request => Decide(request) is VerdictKind.Path or VerdictKind.Method);

        VerdictKind Decide(string request)
        {
            byte[] head = Encoding.ASCII.GetBytes($"{Sample(request)} HTTP/1.1\r\nHost: {host}\r\n\r\n");
            return RequestTrial.Of(plan, listener, head).Verdict.Kind;
        }
    }

    /// <summary>A rule as a request.</summary>
    public static string Sample(string text) => text.Replace("{model}", Model, StringComparison.Ordinal);
}

/// <summary>What a client can do under the present rules; the best first.</summary>
internal enum ClientOutcome
{
    Allowed,

    /// <summary>It works, and some of its requests are refused.</summary>
    Partly,

    Refused,
}
