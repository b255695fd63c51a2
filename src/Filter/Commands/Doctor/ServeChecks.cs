using System.Net;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary>
/// Whether Tailscale Serve or Funnel gets past the gate. It takes what peers send before any socket of this machine
/// sees it, so that a connection from the machine itself shows nothing of it.
/// </summary>
internal sealed class ServeChecks(DoctorContext patient)
{
    private IReadOnlyList<InterfaceAddress> Interfaces => patient.Site.Machine.Interfaces;

    private IPEndPoint? Upstream => patient.Ollama?.EndPoint;

    public DoctorCheck All() => new("tailscale-serve", CheckGroup.Isolation, "tailscale serve", AskAsync);

    /// <summary>What to say of an address and port that Tailscale has for an entry of Serve; null if it has not, or
    /// nobody knows.</summary>
    public async Task<CheckResult?> HolderAsync(CheckContext visit, IPEndPoint point)
    {
        if (!AddressRanges.Contain(TailscaleAddresses.Ranges, point.Address))
            return null;
        (ServeConfig? config, _) = await patient.TailscaleTool.ServeAsync(visit);
        return config?.Entries.FirstOrDefault(entry => entry.Service is null && entry.Port == point.Port) is { } entry
            ? CheckResult.Fail(
                $"Tailscale has {point} for \"{entry.Description}\", which leads to {Target(entry)}",
                patient.Remedies.EndServe([entry])
            )
            : null;
    }

    private async Task<CheckResult> AskAsync(CheckContext visit)
    {
        (ServeConfig? config, string problem) = await patient.TailscaleTool.ServeAsync(visit);
        if (config is null)
            return CheckResult.Skip(problem);
        List<ServeEntry> bad = [];
        List<string> says = [];
        foreach (ServeEntry entry in config.Entries)
        {
            if (IsInTheWay(entry))
                says.Add(
                    $"\"{entry.Description}\" takes port {entry.Port} before the gate and leads to {Target(entry)}"
                );
            else if (await LeadsToOllamaAsync(entry))
                says.Add($"\"{entry.Description}\" leads to Ollama at {Target(entry)}, past the gate");
            else
                continue;
            bad.Add(entry);
        }
        return bad.Count == 0
            ? CheckResult.Pass("no serve and no funnel leads to Ollama's port")
            : CheckResult.Fail(string.Join("; ", says), patient.Remedies.EndServe(bad));
    }

    /// <summary>The entry has a port that the gate has on this machine's Tailscale addresses.</summary>
    private bool IsInTheWay(ServeEntry entry) =>
        entry.Service is null
        && patient.GatePoints.Any(point =>
            point.EndPoint.Port == entry.Port
            && (
                AddressRanges.Contain(TailscaleAddresses.Ranges, point.EndPoint.Address)
                || IsEvery(point.EndPoint.Address)
            )
        );

    private async Task<bool> LeadsToOllamaAsync(ServeEntry entry)
    {
        if (ServeTarget.Parse(entry.Target) is not { } target || target.Port != patient.Plan.Upstream.Port)
            return false;
        if (target.Host.Equals(patient.Plan.Upstream.Host, StringComparison.OrdinalIgnoreCase))
            return true;
        // Tailscale asks the system as well, so that a name leads where it leads from here.
        IReadOnlyList<IPAddress> addresses =
            IPAddress.TryParse(target.Host, out IPAddress? literal) ? [literal]
            : target.IsHere(Interfaces) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : await NameLookup.FindAsync(target.Host);
        // A name that cannot be resolved here may still be this machine's own.
        return addresses.Count == 0 ? IsOwnName(target.Host) : addresses.Any(address => IsOllama(address, target.Port));
    }

    private bool IsOllama(IPAddress address, int port)
    {
        // What leads to the gate is judged by it.
        if (
            patient.GatePoints.Any(point =>
                point.EndPoint.Port == port && AddressRange.Of(address).Contains(point.EndPoint.Address)
            )
        )
            return false;
        return Upstream is { } ollama && !ServeTarget.IsHere(ollama.Address, Interfaces)
            ? AddressRange.Of(address).Contains(ollama.Address)
            : ServeTarget.IsHere(address, Interfaces);
    }

    private bool IsOwnName(string host)
    {
        string own = patient.Site.Machine.Name.Split('.')[0];
        return own.Length > 0 && host.Split('.')[0].Equals(own, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsEvery(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static string Target(ServeEntry entry) => entry.Target.Length > 0 ? entry.Target : "a page of its own";
}
