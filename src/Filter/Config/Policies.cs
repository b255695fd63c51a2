using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Rules;

namespace FastGate.Config;

/// <summary>Makes the policies of the listeners, which differ in their rules and in what they let GET carry.</summary>
internal sealed record Policies
{
    public required HostNames Hosts { get; init; }

    public required bool PreserveHost { get; init; }

    public required int UpstreamPort { get; init; }

    public GatePolicy With(RuleSet rules, bool allowsContentOnGet) =>
        new()
        {
            Rules = rules,
            Hosts = Hosts,
            PreserveHost = PreserveHost,
            AllowsContentOnGet = allowsContentOnGet,
            UpstreamHost = GatePolicy.UpstreamHostFor(new IPEndPoint(IPAddress.Loopback, UpstreamPort)),
        };
}
