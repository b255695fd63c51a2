using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Logs;

/// <summary>Groups the requests of a log into kinds, with counts. Its size is limited, whatever clients
/// sent.</summary>
internal sealed class LogAnalysis
{
    /// <summary>Maximum number of distinct requests; a scanner can invent any number of paths.</summary>
    public const int KindsMax = 10_000;

    // More names than a network has; beyond them only the requests are counted.
    private const int HostsMax = 1000;

    private readonly Dictionary<string, ObservedRequest> _requests = new(StringComparer.Ordinal);
    private readonly HashSet<string> _peers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public long Requests { get; private set; }

    /// <summary>Number of requests that no rule can allow.</summary>
    public long Malformed { get; private set; }

    /// <summary>Number of requests that a rule allows, but whose host name is not the gate's.</summary>
    public long ForeignHosts { get; private set; }

    /// <summary>The host names of these requests with their counts, most frequent first. Untrusted: escape them for a
    /// terminal.</summary>
    public IReadOnlyList<(string Name, long Requests)> Hosts =>
        [
            .. _hosts
                .Select(host => (host.Key, host.Value))
                .OrderByDescending(host => host.Value)
                .ThenBy(host => host.Key, StringComparer.Ordinal),
        ];

    /// <summary>Number of WebSocket requests, which the gate refuses so that the client uses POST.</summary>
    public long Upgrades { get; private set; }

    /// <summary>Number of requests beyond <see cref="KindsMax"/>.</summary>
    public long Uncounted { get; private set; }

    /// <summary>Number of lines that the log writer dropped.</summary>
    public long Missing { get; private set; }

    public int Peers => _peers.Count;

    public DateTimeOffset? First { get; private set; }

    public DateTimeOffset? Last { get; private set; }

    /// <summary>Returns the requests of a kind, most frequent first.</summary>
    public IReadOnlyList<ObservedRequest> Of(RequestKind kind) =>
        [
            .. _requests
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
        // The client's next request is a POST with a line of its own.
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
        if (!_requests.TryGetValue(key, out ObservedRequest? request))
        {
            if (_requests.Count >= KindsMax)
            {
                Uncounted++;
                return;
            }
            _requests.Add(key, request = new ObservedRequest(kind, text, rule));
        }
        request.Add(line.Peer, line.IsRefused);
    }

    /// <remarks>
    /// <list type="number">
    /// <item>A management request is never proposed, even where the owner's allowlist allows it.</item>
    /// <item>A request of Ollama's API or its clients gets the rule of its route, so that one rule covers all
    /// models.</item>
    /// <item>A request that the owner's rule allowed gets that rule, or its exact path if that rule is too wide.</item>
    /// <item>Everything else is unknown; its rule is the exact path.</item>
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
        return (OwnersRule(line) ?? exact) is { } rule ? (RequestKind.Legitimate, rule) : (RequestKind.Unknown, null);
    }

    private static Rule? OwnersRule(LogLine line)
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

    /// <summary>Returns a rule for the exact path. Only literal segments: a client that sends <c>/{x...}</c> must not
    /// get a wildcard proposed.</summary>
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
