using System.Net;
using System.Net.Sockets;
using FastGate.Host;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary>Whether Tailscale is running, has an interface and a name, and whether the gate listens on its
/// addresses.</summary>
internal sealed class NetworkChecks(DoctorContext context)
{
    private Fixes Fixes => context.Fixes;

    // The config can also list Tailscale's addresses themselves.
    private bool IsWanted =>
        context.Plan.Listeners.Any(listener => listener.Options.Address.Kind == ListenKind.Tailscale)
        || context.GatePoints.Any(point => AddressRanges.Contain(TailscaleAddresses.Ranges, point.EndPoint.Address));

    /// <summary>Tailscale's addresses, with their interface.</summary>
    private InterfaceAddress[] Assigned
    {
        get
        {
            IReadOnlyList<IPAddress> addresses = TailscaleAddresses.Find(context.Host.Machine.Interfaces);
            return [.. context.Host.Machine.Interfaces.Where(item => addresses.Contains(item.Address))];
        }
    }

    public IEnumerable<DoctorCheck> All() =>
        [
            new("tailscale-state", CheckGroup.Network, "Tailscale", StateAsync),
            new("tailscale-interface", CheckGroup.Network, "Tailscale interface", InterfaceAsync),
            new(
                "tailscale-ipv4",
                CheckGroup.Network,
                "IPv4",
                probe => AddressAsync(probe, AddressFamily.InterNetwork, "IPv4")
            ),
            new(
                "tailscale-ipv6",
                CheckGroup.Network,
                "IPv6",
                probe => AddressAsync(probe, AddressFamily.InterNetworkV6, "IPv6")
            ),
            new("tailscale-name", CheckGroup.Network, "MagicDNS", NameAsync),
        ];

    private async Task<CheckResult> StateAsync(CheckProbe probe)
    {
        TailscaleReading tailscale = await context.Tailscale.StatusAsync(probe);
        if (tailscale.Status is not { } status)
            return Unknown(tailscale);
        string health =
            status.Health.Count > 0
                ? $"; it reports: {ResponseText.OneLine(string.Join("; ", status.Health), 160)}"
                : "";
        // A missing interface has a check of its own.
        string cure = Fixes.BringTailscale(tailscale with { Status = status with { HasInterface = true } });
        Fact[] facts = [Fact.Of("state", status.State), Fact.Of("version", status.Version)];
        return status.State switch
        {
            "Running" => CheckResult.Pass(
                $"running{(status.Version.Length > 0 ? $", version {status.Version}" : "")}{health}",
                facts
            ),
            _ when !IsWanted => CheckResult.Skip($"its state is {status.State}, but the config does not use Tailscale"),
            "NeedsLogin" => CheckResult.Fail("this machine is not logged in", cure, facts),
            "NeedsMachineAuth" => CheckResult.Fail(
                "this machine is waiting for approval in the admin console",
                cure,
                facts
            ),
            "Stopped" => CheckResult.Fail("Tailscale is disconnected", cure, facts),
            _ => CheckResult.Fail($"its state is {status.State}{health}", cure, facts),
        };
    }

    /// <summary>An address on an interface proves that Tailscale is running, even if its program fails.</summary>
    private CheckResult Unknown(TailscaleReading tailscale)
    {
        string problem = tailscale.Problem;
        if (Assigned is [var first, ..])
            return CheckResult.Pass($"running: {first.Interface} has {first.Address} ({problem})");
        if (!IsWanted)
            return CheckResult.Skip($"{problem}, but the config does not use Tailscale");
        string cure = Fixes.BringTailscale(tailscale);
        return tailscale.IsMissing || tailscale.IsDown
            ? CheckResult.Fail(problem, cure)
            : CheckResult.Skip(problem, cure);
    }

    private async Task<CheckResult> InterfaceAsync(CheckProbe probe)
    {
        (TailscaleStatus? status, string problem) = await context.Tailscale.StatusAsync(probe);
        if (status is null)
            return Assigned is [var first, ..]
                ? CheckResult.Pass($"Tailscale has a network interface ({first.Interface})")
                : CheckResult.Skip(problem);
        return status.HasInterface
            ? CheckResult.Pass("Tailscale has a network interface (TUN)")
            : CheckResult.Fail(
                "Tailscale has no network interface (userspace networking), so it forwards connections from the "
                    + "tailnet to 127.0.0.1, past the gate; start tailscaled without --tun=userspace-networking (in a "
                    + "container: TS_USERSPACE=false, with /dev/net/tun and NET_ADMIN)",
                Fixes.LeaveUserspace
            );
    }

    private async Task<CheckResult> AddressAsync(CheckProbe probe, AddressFamily family, string name)
    {
        if (!IsWanted)
            return CheckResult.Skip("the config does not use Tailscale");
        TailscaleReading tailscale = await context.Tailscale.StatusAsync(probe);
        if (tailscale.Status is { State: not "Running" })
            return CheckResult.Skip("Tailscale is not running");
        IPAddress[] addresses =
        [
            .. Assigned.Select(item => item.Address).Where(address => address.AddressFamily == family),
        ];
        if (addresses.Length == 0)
            return NoAddress(tailscale, family, name);
        foreach (IPAddress address in addresses)
        {
            ListenPoint point = context.GatePoints.FirstOrDefault(point => point.EndPoint.Address.Equals(address));
            if (point.EndPoint is not { } endPoint)
                return CheckResult.Skip($"the config does not listen on {address}");
            Identity identity = await context.IdentityAsync(probe, endPoint);
            if (FoundGate.IsClosed(identity) && context.IsExcluded(point))
                return CheckResult.Skip($"\"from\" does not list {address}, so this check cannot reach the gate");
            if (identity.Responder != Responder.FastGate)
                return await new ServeChecks(context).HolderAsync(probe, endPoint)
                    ?? await NotTheGateAsync(probe, identity, endPoint);
        }
        return CheckResult.Pass(
            $"FastGate listens on {string.Join(" and ", addresses.Select(address => address.ToString()))}"
        );
    }

    private CheckResult NoAddress(TailscaleReading tailscale, AddressFamily family, string name)
    {
        // A tailnet can do without one of the families.
        if (Assigned.Length > 0 || family == AddressFamily.InterNetworkV6)
            return CheckResult.Skip($"this machine has no Tailscale {name} address");
        if (tailscale.Status is not { } status)
            return CheckResult.Skip(tailscale.Problem);
        return status.HasInterface
            ? CheckResult.Fail($"this machine has no Tailscale {name} address", Fixes.BringTailscale(tailscale))
            : CheckResult.Skip("Tailscale has no network interface");
    }

    private async Task<CheckResult> NotTheGateAsync(CheckProbe probe, Identity identity, IPEndPoint endPoint) =>
        identity.Responder switch
        {
            Responder.None => CheckResult.Fail(
                $"FastGate does not respond at {endPoint}: {identity.Response.Problem}",
                await Fixes.LoadGateAsync(probe)
            ),
            Responder.Ollama => CheckResult.Fail(
                $"Ollama responds at {endPoint}, not FastGate",
                await Fixes.BindOllamaAsync(probe)
            ),
            _ => CheckResult.Fail(
                $"another program responds at {endPoint}, not FastGate",
                Fixes.ShowListeners(endPoint.Port)
            ),
        };

    private async Task<CheckResult> NameAsync(CheckProbe probe)
    {
        if ((await context.Tailscale.StatusAsync(probe)).Status is not { Name.Length: > 0 } status)
            return CheckResult.Skip("this machine's name in the tailnet is unknown");
        int port = context.GatePoints.Count > 0 ? context.GatePoints[0].EndPoint.Port : 11434;
        if (!status.HasMagicDns)
        {
            string address = status.Addresses is [var first, ..] ? first.ToString() : "ADDRESS";
            return CheckResult.Skip($"MagicDNS is off: clients use an address (http://{address}:{port})");
        }
        return (await NameLookup.FindAsync(status.Name)).Count == 0
            ? CheckResult.Skip(
                $"this machine itself does not resolve {status.Name}; clients use http://{status.Name}:{port}",
                Fixes.AcceptDns
            )
            : CheckResult.Pass($"clients use http://{status.Name}:{port}", Fact.Of("name", status.Name));
    }
}
