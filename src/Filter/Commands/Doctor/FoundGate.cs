using System.Net;
using FastGate.Host;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Doctor;

/// <summary>Where FastGate responds.</summary>
/// <param name="Target">The first address where it does; null if it responds nowhere.</param>
/// <param name="Rules">The rules in the config for that address, or else for the first listener; null for another
/// machine's gate.</param>
/// <param name="Problem">The reason when the gate responds at no address.</param>
internal sealed record FoundGate(ProbeTarget? Target, RuleSet? Rules, string Problem)
{
    public static async Task<FoundGate> FindAsync(DoctorContext context, CheckProbe probe)
    {
        if (context.IsRemote)
            return await FindRemoteAsync(context, probe);
        bool isExcluded = false;
        foreach (ListenPoint point in context.GatePoints)
        {
            IPEndPoint endPoint = Dialable(point.EndPoint);
            Identity identity = await context.IdentityAsync(probe, endPoint);
            if (identity.Responder == Responder.FastGate)
                return new FoundGate(
                    new ProbeTarget(endPoint, $"localhost:{endPoint.Port}"),
                    context.Plan.Listeners[point.Listener].Options.Policy.Rules,
                    ""
                );
            isExcluded |= IsClosed(identity) && context.IsExcluded(point);
        }
        return new FoundGate(
            null,
            context.ConfiguredRules,
            isExcluded
                ? "the gate closes connections from its own machine, which \"from\" does not list"
                : "FastGate does not respond"
        );
    }

    /// <summary>Something accepts the connection and closes it without a response, as a gate does to an address that
    /// <c>from</c> does not list.</summary>
    public static bool IsClosed(Identity identity) => identity is { Responder: Responder.Other, Response.Status: 0 };

    /// <summary>The address at which to reach a listener: a wildcard listens on loopback as well.</summary>
    public static IPEndPoint Dialable(IPEndPoint point) =>
        point.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, point.Port)
        : point.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, point.Port)
        : point;

    private static async Task<FoundGate> FindRemoteAsync(DoctorContext context, CheckProbe probe)
    {
        if (context.RemoteGate is not { } target)
            return new FoundGate(null, null, $"the name {context.Options.Target!.Host} has no address");
        Identity identity = await context.IdentityAsync(probe, target.EndPoint);
        return new FoundGate(
            identity.Responder == Responder.FastGate ? target : null,
            null,
            "FastGate does not respond"
        );
    }
}
