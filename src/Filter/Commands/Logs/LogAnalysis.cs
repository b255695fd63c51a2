using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Logs;

/// <summary>What a log says about the requests of the clients: each kind once, with counts. Its size has a limit,
/// whatever they sent.</summary>
internal sealed class LogAnalysis
{
    /// <summary>Kinds of requests that are told apart; a scanner can make up paths for ever.</summary>
    public const int KindsMax = 10_000;

    // More than a household has names; who makes them up has them counted only.
    private const int HostsMax = 1000;

    private readonly Dictionary<string, ObservedRequest> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _peers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public long Requests { get; private set; }

    /// <summary>Requests that no rule can open.</summary>
    public long Malformed { get; private set; }

    /// <summary>Requests that a rule allowed, to a host name that is not the gate's.</summary>
    public long ForeignHosts { get; private set; }

    /// <summary>The host names of these requests and how many each had, the most frequent first. What clients sent: not
    /// fit for a terminal.</summary>
    public IReadOnlyList<(string Name, long Requests)> Hosts =>
        [
            .. _hosts
                .Select(host => (host.Key, host.Value))
                .OrderByDescending(host => host.Value)
                .ThenBy(host => host.Key, StringComparer.Ordinal),
        ];

    /// <summary>Requests for a WebSocket, to which the gate says that the client is to post instead.</summary>
    public long Upgrades { get; private set; }

    /// <summary>Requests beyond <see cref="KindsMax"/>.</summary>
    public long Uncounted { get; private set; }

    /// <summary>Lines that the writer had to drop.</summary>
    public long Missing { get; private set; }

    public int Peers => _peers.Count;

    public DateTimeOffset? First { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    /// <summary>Those of a kind, the most frequent first.</summary>
    public IReadOnlyList<ObservedRequest> Of(RequestKind kind) =>
        [
            .. _seen
                .Values.Where(request => request.Kind == kind)
                .OrderByDescending(request => request.Requests)
                .ThenBy(request => request.Text, StringComparer.Ordinal),
        ];

    public void Add(LogLine line)
    {
        Missing += line.Dropped;
        if (line.Dropped > 0)
            return;
        Requests++;
        First = line.Time < First ? line.Time : First ?? line.Time;
        Last = line.Time > Last ? line.Time : Last ?? line.Time;
        if (_peers.Count < KindsMax)
            _peers.Add(line.Peer);
        if (line.Verdict == "refused-host")
            CountHost(line.Host);
        // The client goes on with a POST that has a line of its own.
        if (line.Verdict == "refused-upgrade")
            Upgrades++;
        else if (IsMalformed(line))
            Malformed++;
        else
            Count(line);
    }

    private void CountHost(string? host)
    {
        ForeignHosts++;
        if (string.IsNullOrEmpty(host) || (_hosts.Count >= HostsMax && !_hosts.ContainsKey(host)))
            return;
        _hosts[host] = _hosts.GetValueOrDefault(host) + 1;
    }

    private void Count(LogLine line)
    {
        (RequestKind kind, Rule? rule) = Classify(line);
        string text = kind == RequestKind.Legitimate ? rule!.ToString() : $"{line.Method} {line.Path}";
        string key = $"{kind} {rule?.Shape} {text}";
        if (!_seen.TryGetValue(key, out ObservedRequest? request))
        {
            if (_seen.Count >= KindsMax)
            {
                Uncounted++;
                return;
            }
            _seen.Add(key, request = new ObservedRequest(kind, text, rule));
        }
        request.Add(line.Peer, line.IsRefused);
    }

    /// <remarks>
    /// <list type="number">
    /// <item>What manages something is never proposed, even where the owner's list opens it.</item>
    /// <item>What is Ollama's or a client's has the rule of its route, so that one rule stands for all models.</item>
    /// <item>What the owner's own rule let through has that rule, or itself if that rule is too wide.</item>
    /// <item>Everything else is unknown; its rule is this very path.</item>
    /// </list>
    /// </remarks>
    private static (RequestKind Kind, Rule? Rule) Classify(LogLine line)
    {
        if (KnownRequests.IsManagement(line.Method, line.Path))
            return (RequestKind.Management, null);
        if (KnownRequests.RuleFor(line.Method, line.Path) is { } known)
            return (RequestKind.Legitimate, known);
        Rule? exact = Exact(line);
        if (line.Verdict != LogLine.Allowed)
            return (RequestKind.Unknown, exact);
        return (Owners(line) ?? exact) is { } opened ? (RequestKind.Legitimate, opened) : (RequestKind.Unknown, null);
    }

    private static Rule? Owners(LogLine line)
    {
        if (
            line.Rule is null
            || !Rule.TryParse(line.Rule, out Rule? rule, out _)
            || !rule.Methods.Contains(line.Method)
        )
            return null;
        Rule narrow = new([line.Method], rule.Segments);
        bool isWide =
            narrow.Segments.Any(segment => segment.Kind == SegmentKind.Rest)
            || OllamaRoutes.ManagementOpenedBy(narrow).Any()
            || LlamaRoutes.ManagementOpenedBy(narrow).Any();
        return isWide ? null : narrow;
    }

    /// <summary>Only of literal segments: a client that sends <c>/{x...}</c> must not have a wildcard
    /// proposed.</summary>
    private static Rule? Exact(LogLine line) =>
        Rule.TryParse($"{line.Method} {line.Path}", out Rule? rule, out _)
        && rule.Methods is [var method]
        && method == line.Method
        && rule.Path == line.Path
        && rule.Segments.All(segment => segment.Kind == SegmentKind.Literal)
            ? rule
            : null;

    private static bool IsMalformed(LogLine line) =>
        line.Verdict
            is not (
                LogLine.Allowed
                or "refused-path"
                or "refused-method"
                or "refused-host"
                or "unavailable"
                or "overloaded"
            );
}
