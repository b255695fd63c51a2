using System.Net;
using System.Net.Sockets;
using FastGate.Net;
using FastGate.Transport;

namespace FastGate.Doctor;

/// <summary>Tailscale: whether it runs, has an interface and a name, and whether the gate is bound to its addresses.</summary>
internal sealed class NetworkChecks(Patient patient)
{
    private Remedies Remedies => patient.Remedies;

    // Tailscale's own addresses may also be written out.
    private bool IsWanted => patient.Plan.Listeners.Any(listener => listener.Options.Address.Kind == ListenKind.Tailscale)
        || patient.GatePoints.Any(point => AddressRanges.Contain(TailscaleAddresses.Ranges, point.EndPoint.Address));

    public IEnumerable<Check> All() =>
    [
        new("tailscale-state", CheckGroup.Network, "Tailscale", StateAsync),
        new("tailscale-interface", CheckGroup.Network, "its interface", InterfaceAsync),
        new("tailscale-ipv4", CheckGroup.Network, "IPv4", visit => AddressAsync(visit, AddressFamily.InterNetwork, "IPv4")),
        new("tailscale-ipv6", CheckGroup.Network, "IPv6", visit => AddressAsync(visit, AddressFamily.InterNetworkV6, "IPv6")),
        new("tailscale-name", CheckGroup.Network, "MagicDNS", NameAsync),
    ];

    private async Task<Finding> StateAsync(Visit visit)
    {
        (TailscaleStatus? status, string problem, string cure) = await TailscaleTool.ReadAsync(patient, visit);
        if (status is null) return IsWanted ? Finding.Fail(problem, cure) : Finding.Skip($"{problem}, and the config does not listen there");
        string complaints = status.Health.Count > 0 ? $"; it says: {Texts.OneLine(string.Join("; ", status.Health), 160)}" : "";
        Fact[] facts = [Fact.Of("state", status.State), Fact.Of("version", status.Version)];
        return status.State switch
        {
            "Running" => Finding.Pass($"it runs{(status.Version.Length > 0 ? $", version {status.Version}" : "")}{complaints}", facts),
            _ when !IsWanted => Finding.Skip($"it is \"{status.State}\", and the config does not listen there"),
            "NeedsLogin" => Finding.Fail("this machine is not logged in", Remedies.TailscaleUp, facts),
            "NeedsMachineAuth" => Finding.Fail("this machine waits for approval in the admin console", OpenLine("https://login.tailscale.com/admin/machines"), facts),
            "Stopped" => Finding.Fail("it is disconnected", Remedies.TailscaleUp, facts),
            _ => Finding.Fail($"it is \"{status.State}\"{complaints}", Remedies.TailscaleUp, facts),
        };
    }

    private async Task<Finding> InterfaceAsync(Visit visit)
    {
        if ((await TailscaleTool.ReadAsync(patient, visit)).Status is not { } status) return Finding.Skip("nothing is known of Tailscale");
        return status.HasInterface
            ? Finding.Pass("it has a network interface (TUN)")
            : Finding.Fail("it has none (userspace networking), so it hands what the tailnet sends to 127.0.0.1, past the gate",
                "sudo sed -i 's/--tun=userspace-networking//' /etc/default/tailscaled && sudo systemctl restart tailscaled");
    }

    private async Task<Finding> AddressAsync(Visit visit, AddressFamily family, string name)
    {
        if (!IsWanted) return Finding.Skip("the config does not listen on Tailscale");
        if (patient.Tailscale is not { State: "Running" }) return Finding.Skip("Tailscale does not run, as said above");
        IPAddress[] addresses = [.. TailscaleAddresses.Find(patient.Site.Machine.Interfaces).Where(address => address.AddressFamily == family)];
        if (addresses.Length == 0)
        {
            return family == AddressFamily.InterNetworkV6 ? Finding.Skip("this machine has no IPv6 address of the tailnet")
                : Finding.Fail($"this machine has no {name} address of the tailnet", Remedies.TailscaleProgram is null ? Remedies.InstallTailscale : Remedies.TailscaleUp);
        }
        foreach (IPAddress address in addresses)
        {
            int port = patient.GatePoints.FirstOrDefault(point => point.EndPoint.Address.Equals(address)).EndPoint?.Port ?? 0;
            if (port == 0) return Finding.Skip($"the config does not listen on {address}");
            (Who who, Heard heard) = await Identity.AskAsync(visit, Door.At(new IPEndPoint(address, port)));
            if (who != Who.FastGate)
                return Finding.Fail($"FastGate does not answer at {new IPEndPoint(address, port)}: {(who == Who.Nobody ? heard.Problem : who == Who.Ollama ? "Ollama does" : "another program does")}", who switch
                {
                    Who.Nobody => Remedies.LoadGate,
                    Who.Ollama => Remedies.BindOllama,
                    _ => Remedies.WhoHas(port),
                });
        }
        return Finding.Pass($"FastGate is bound to {string.Join(" and ", addresses.Select(address => address.ToString()))}");
    }

    private async Task<Finding> NameAsync(Visit visit)
    {
        if ((await TailscaleTool.ReadAsync(patient, visit)).Status is not { Name.Length: > 0 } status) return Finding.Skip("nothing is known of this machine's name in the tailnet");
        int port = patient.GatePoints.Count > 0 ? patient.GatePoints[0].EndPoint.Port : 11434;
        if (!status.HasMagicDns) return Finding.Skip($"MagicDNS is off: clients write an address (http://{(status.Addresses is [var first, ..] ? first : "ADDRESS")}:{port})");
        IReadOnlyList<IPAddress> found = await NameLookup.FindAsync(status.Name);
        return found.Count == 0
            ? Finding.Skip($"{status.Name} is not resolved on this machine itself; clients use http://{status.Name}:{port}", Remedies.TailscaleUp + " --accept-dns=true")
            : Finding.Pass($"clients use http://{status.Name}:{port}", Fact.Of("name", status.Name));
    }

    private string OpenLine(string url) => patient.Site.Machine.IsMac ? $"open {url}" : $"xdg-open {url}";
}
