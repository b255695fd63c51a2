using FastGate.Config;
using FastGate.Host;
using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Clients;

/// <summary>Where clients reach the gate of this machine, and what its rules allow each of them.</summary>
/// <param name="ConfigPath">The config file, for people.</param>
/// <param name="Listens">The listeners, for people.</param>
/// <param name="Urls">The URLs, the one to prefer first; empty while the gate has no address.</param>
/// <param name="Clients">The clients that were selected.</param>
internal sealed record ClientReport(
    string ConfigPath,
    string Listens,
    IReadOnlyList<GateUrl> Urls,
    IReadOnlyList<ClientAccess> Clients
)
{
    /// <param name="config">A valid config.</param>
    /// <param name="plan">The plan of the config.</param>
    /// <param name="machine">This machine.</param>
    /// <param name="runner">Runs <c>tailscale</c>.</param>
    /// <param name="clients">The clients to report on.</param>
    public static async Task<ClientReport> ReadAsync(
        ConfigPath config,
        GatePlan plan,
        Machine machine,
        ICommandRunner runner,
        IEnumerable<Client> clients
    )
    {
        // Only a listener on one of Tailscale's addresses has a name there.
        TailscaleStatus? tailscale =
            TailscaleAddresses.Find(machine.Interfaces).Count > 0 ? await TailscaleProgram.StatusAsync(runner) : null;
        IReadOnlyList<GateUrl> urls = GateUrl.Of(plan, machine, tailscale);
        return new ClientReport(
            machine.Short(config.Path),
            string.Join(" and ", plan.Listeners.Select(listener => listener.Options.Address)),
            urls,
            [.. clients.Select(client => ClientAccess.Of(client, plan, urls))]
        );
    }
}
