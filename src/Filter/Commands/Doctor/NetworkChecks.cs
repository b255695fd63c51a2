using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary>Tailscale: whether it runs, has an interface and a name, and whether the gate is bound to its
/// addresses.</summary>
internal sealed class NetworkChecks(DoctorContext patient)
{
    private Fixes Remedies => patient.Remedies;

    // Tailscale's own addresses may also be written out.
    private bool IsWanted =>
        patient.Plan.Listeners.Any(listener => listener.Options.Address.Kind == ListenKind.Tailscale)
        || patient.GatePoints.Any(point => AddressRanges.Contain(TailscaleAddresses.Ranges, point.EndPoint.Address));

    /// <summary>Tailscale's addresses, with their interface.</summary>
    private InterfaceAddress[] Found
    {
        get
        {
            IReadOnlyList<IPAddress> addresses = TailscaleAddresses.Find(patient.Site.Machine.Interfaces);
            return [.. patient.Site.Machine.Interfaces.Where(each => addresses.Contains(each.Address))];
        }
    }

    public IEnumerable<DoctorCheck> All() =>
        [
            new("tailscale-state", CheckGroup.Network, "Tailscale", StateAsync),
            new("tailscale-interface", CheckGroup.Network, "its interface", InterfaceAsync),
            new(
                "tailscale-ipv4",
                CheckGroup.Network,
                "IPv4",
                visit => AddressAsync(visit, AddressFamily.InterNetwork, "IPv4")
            ),
            new(
                "tailscale-ipv6",
                CheckGroup.Network,
                "IPv6",
                visit => AddressAsync(visit, AddressFamily.InterNetworkV6, "IPv6")
            ),
            new("tailscale-name", CheckGroup.Network, "MagicDNS", NameAsync),
        ];

    private async Task<CheckResult> StateAsync(CheckContext visit)
    {
        (TailscaleStatus? status, string problem) = await patient.TailscaleTool.StatusAsync(visit);
        if (status is null)
            return Unknown(problem);
        string complaints =
            status.Health.Count > 0 ? $"; it says: {Texts.OneLine(string.Join("; ", status.Health), 160)}" : "";
        string cure = Remedies.BringTailscale(status with { HasInterface = true });
        Fact[] facts = [Fact.Of("state", status.State), Fact.Of("version", status.Version)];
        return status.State switch
        {
            "Running" => CheckResult.Pass(
                $"it runs{(status.Version.Length > 0 ? $", version {status.Version}" : "")}{complaints}",
                facts
            ),
            _ when !IsWanted => CheckResult.Skip($"it is \"{status.State}\", and the config does not listen there"),
            "NeedsLogin" => CheckResult.Fail("this machine is not logged in", cure, facts),
            "NeedsMachineAuth" => CheckResult.Fail("this machine waits for approval in the admin console", cure, facts),
            "Stopped" => CheckResult.Fail("it is disconnected", cure, facts),
            _ => CheckResult.Fail($"it is \"{status.State}\"{complaints}", cure, facts),
        };
    }

    /// <summary>An address on an interface proves that Tailscale runs, whatever became of the question.</summary>
    private CheckResult Unknown(string problem)
    {
        if (Found is [var first, ..])
            return CheckResult.Pass($"it runs: {first.Interface} has {first.Address} ({problem})");
        if (!IsWanted)
            return CheckResult.Skip($"{problem}, and the config does not listen there");
        string cure = Remedies.BringTailscale(null);
        return patient.TailscaleTool.IsMissing || patient.TailscaleTool.IsDown
            ? CheckResult.Fail(problem, cure)
            : CheckResult.Skip(problem, cure);
    }

    private async Task<CheckResult> InterfaceAsync(CheckContext visit)
    {
        (TailscaleStatus? status, string problem) = await patient.TailscaleTool.StatusAsync(visit);
        if (status is null)
            return Found is [var first, ..]
                ? CheckResult.Pass($"it has a network interface ({first.Interface})")
                : CheckResult.Skip(problem);
        return status.HasInterface
            ? CheckResult.Pass("it has a network interface (TUN)")
            : CheckResult.Fail(
                "it has none (userspace networking), so it hands what the tailnet sends to 127.0.0.1, "
                    + "past the gate; start tailscaled "
                    + "without --tun=userspace-networking (in a container: TS_USERSPACE=false, with "
                    + "/dev/net/tun and NET_ADMIN)",
                Remedies.LeaveUserspace
            );
    }

    private async Task<CheckResult> AddressAsync(CheckContext visit, AddressFamily family, string name)
    {
        if (!IsWanted)
            return CheckResult.Skip("the config does not listen on Tailscale");
        (TailscaleStatus? status, string problem) = await patient.TailscaleTool.StatusAsync(visit);
        if (status is not null and not { State: "Running" })
            return CheckResult.Skip("Tailscale does not run, as said above");
        IPAddress[] addresses =
        [
            .. Found.Select(each => each.Address).Where(address => address.AddressFamily == family),
        ];
        if (addresses.Length == 0)
        {
            // A tailnet may do without one family.
            return Found.Length > 0 || family == AddressFamily.InterNetworkV6
                    ? CheckResult.Skip($"this machine has no {name} address of the tailnet")
                : status is null ? CheckResult.Skip(problem)
                : status.HasInterface
                    ? CheckResult.Fail(
                        $"this machine has no {name} address of the tailnet",
                        Remedies.BringTailscale(status)
                    )
                : CheckResult.Skip("Tailscale has no network interface, as said above");
        }
        foreach (IPAddress address in addresses)
        {
            ListenPoint point = patient.GatePoints.FirstOrDefault(point => point.EndPoint.Address.Equals(address));
            int port = point.EndPoint?.Port ?? 0;
            if (port == 0)
                return CheckResult.Skip($"the config does not listen on {address}");
            (Responder who, ProbeResponse heard) = await Identity.AskAsync(
                visit,
                DoctorTarget.At(new IPEndPoint(address, port))
            );
            if (who == Responder.Other && heard.Status == 0 && patient.IsLeftOut(point))
                return CheckResult.Skip($"\"from\" does not list {address}, as said above");
            if (who != Responder.FastGate)
                return await new ServeChecks(patient).HolderAsync(visit, new IPEndPoint(address, port))
                    ?? CheckResult.Fail(
                        $"FastGate does not answer "
                            + $"at {new IPEndPoint(address, port)}: {(who == Responder.Nobody ? heard.Problem : who == Responder.Ollama ? "Ollama does" : "another program does")}",
                        who switch
                        {
                            Responder.Nobody => Remedies.LoadGate,
                            Responder.Ollama => Remedies.BindOllama,
                            _ => Remedies.WhoHas(port),
                        }
                    );
        }
        return CheckResult.Pass(
            $"FastGate is bound to {string.Join(" and ", addresses.Select(address => address.ToString()))}"
        );
    }

    private async Task<CheckResult> NameAsync(CheckContext visit)
    {
        if ((await patient.TailscaleTool.StatusAsync(visit)).Status is not { Name.Length: > 0 } status)
            return CheckResult.Skip("nothing is known of this machine's name in the tailnet");
        int port = patient.GatePoints.Count > 0 ? patient.GatePoints[0].EndPoint.Port : 11434;
        if (!status.HasMagicDns)
            return CheckResult.Skip(
                $"MagicDNS is off: clients write an address "
                    + $"(http://{(status.Addresses is [var first, ..] ? first : "ADDRESS")}:{port})"
            );
        IReadOnlyList<IPAddress> found = await NameLookup.FindAsync(status.Name);
        return found.Count == 0
            ? CheckResult.Skip(
                $"{status.Name} is not resolved on this machine itself; clients use http://{status.Name}:{port}",
                Remedies.AcceptDns
            )
            : CheckResult.Pass($"clients use http://{status.Name}:{port}", Fact.Of("name", status.Name));
    }
}
