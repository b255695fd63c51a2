using System.Net;
using FastGate.Commands.Clients;
using FastGate.Config;
using FastGate.Proxy.Listening;
using FastGate.Test.Config;

namespace FastGate.Test.Commands.Clients;

/// <summary>Reports about clients of a machine that is always the same, for any config.</summary>
internal static class ClientScene
{
    public static TailscaleStatus Tailscale { get; } =
        new()
        {
            State = "Running",
            Name = "box.tail1234.ts.net",
            HasMagicDns = true,
            Addresses = [IPAddress.Parse("100.87.6.5")],
        };

    public static ClientReport Report(string config, TailscaleStatus? tailscale, params string[] ids)
    {
        GatePlan plan = Configs.Plan(config);
        IReadOnlyList<GateUrl> urls = GateUrl.Of(plan, Configs.Machine, tailscale);
        IEnumerable<Client> clients = ids.Length > 0 ? ids.Select(id => ClientCatalog.Find(id)!) : ClientCatalog.All;
        return new ClientReport(
            "~/.config/fastgate/fastgate.json",
            string.Join(" and ", plan.Listeners.Select(listener => listener.Options.Address)),
            urls,
            [.. clients.Select(client => ClientAccess.Of(client, plan, urls))]
        );
    }

    public static ClientAccess Access(string config, string id) => Report(config, Tailscale, id).Clients[0];

    /// <summary>A config with this allowlist.</summary>
    public static string Allow(IEnumerable<string> lines) =>
        $"{{ \"allow\": [{string.Join(", ", lines.Select(line => $"\"{line}\""))}] }}";
}
