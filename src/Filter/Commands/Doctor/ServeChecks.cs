using System.Net;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary>
/// Whether Tailscale Serve or Funnel bypasses the gate. Tailscale takes what peers send before any socket of this
/// machine receives it, so a connection from the machine itself cannot show it.
/// </summary>
internal sealed class ServeChecks(DoctorContext context)
{
    private IReadOnlyList<InterfaceAddress> Interfaces => context.Host.Machine.Interfaces;

    private IPEndPoint? Upstream => context.Ollama?.EndPoint;

    public DoctorCheck All() => new("tailscale-serve", CheckGroup.Isolation, "tailscale serve", ServeAsync);

    /// <summary>The failure to report for an address and port that Tailscale uses for an entry of Serve; null if it
    /// does not, or that is unknown.</summary>
    public async Task<CheckResult?> HolderAsync(CheckProbe probe, IPEndPoint endPoint)
    {
        if (!AddressRanges.Contain(TailscaleAddresses.Ranges, endPoint.Address))
            return null;
        (ServeConfig? config, _) = await context.Tailscale.ServeAsync(probe);
        return
            config?.Entries.FirstOrDefault(entry => entry.Service is null && entry.Port == endPoint.Port) is { } entry
            ? CheckResult.Fail(
                $"Tailscale uses {endPoint} for \"{entry.Description}\", which leads to {Target(entry)}",
                context.Fixes.EndServe([entry])
            )
            : null;
    }

    private async Task<CheckResult> ServeAsync(CheckProbe probe)
    {
        (ServeConfig? config, string problem) = await context.Tailscale.ServeAsync(probe);
        if (config is null)
            return CheckResult.Skip(problem);
        List<ServeEntry> bad = [];
        List<string> problems = [];
        foreach (ServeEntry entry in config.Entries)
        {
            if (IsInTheWay(entry))
                problems.Add(
                    $"\"{entry.Description}\" receives port {entry.Port} before the gate and leads to {Target(entry)}"
                );
            else if (await LeadsToOllamaAsync(entry))
                problems.Add($"\"{entry.Description}\" leads to Ollama at {Target(entry)}, past the gate");
            else
                continue;
            bad.Add(entry);
        }
        return bad.Count == 0
            ? CheckResult.Pass("no serve or funnel entry leads to Ollama's port")
            : CheckResult.Fail(string.Join("; ", problems), context.Fixes.EndServe(bad));
    }

    /// <summary>The entry uses a port that the gate uses on this machine's Tailscale addresses.</summary>
    private bool IsInTheWay(ServeEntry entry) =>
        entry.Service is null
        && context.GatePoints.Any(point =>
            point.EndPoint.Port == entry.Port
            && (
                AddressRanges.Contain(TailscaleAddresses.Ranges, point.EndPoint.Address)
                || AddressRanges.IsUnspecified(point.EndPoint.Address)
            )
        );

    private async Task<bool> LeadsToOllamaAsync(ServeEntry entry)
    {
        if (ServeTarget.Parse(entry.Target) is not { } target || target.Port != context.Plan.Upstream.Port)
            return false;
        if (target.Host.Equals(context.Plan.Upstream.Host, StringComparison.OrdinalIgnoreCase))
            return true;
        // Tailscale resolves names with the system as well, so a name leads where it leads from here.
        IReadOnlyList<IPAddress> addresses =
            IPAddress.TryParse(target.Host, out IPAddress? literal) ? [literal]
            : target.IsHere(Interfaces) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : await NameLookup.FindAsync(target.Host);
        // A name that does not resolve here may still be this machine's own.
        return addresses.Count == 0 ? IsOwnName(target.Host) : addresses.Any(address => IsOllama(address, target.Port));
    }

    private bool IsOllama(IPAddress address, int port)
    {
        // The gate applies its rules to what leads to it.
        if (
            context.GatePoints.Any(point =>
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
        string own = context.Host.Machine.Name.Split('.')[0];
        return own.Length > 0 && host.Split('.')[0].Equals(own, StringComparison.OrdinalIgnoreCase);
    }

    private static string Target(ServeEntry entry) =>
        entry.Target.Length > 0 ? entry.Target : "a page of Tailscale's own";
}
