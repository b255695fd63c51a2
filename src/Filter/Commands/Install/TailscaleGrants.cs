using System.Net;
using System.Net.Sockets;
using FastGate.Config;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Install;

/// <summary>The rules to paste into Tailscale's access controls, in the form that Tailscale prefers (grants): only
/// these clients reach the gate.</summary>
internal sealed class TailscaleGrants(GatePlan plan, Machine machine)
{
    private const string Tag = "tag:ai-server";

    /// <summary>For the users of a group. The gate is named by its address, if it has one.</summary>
    public string ByGroup =>
        Address is { } address
            ? $$"""
                {
                  "groups": { "group:ai-users": ["you@example.com"] },
                  "hosts": { "ai-server": "{{address}}" },
                  "grants": [
                    { "src": ["group:ai-users"], "dst": ["ai-server"], "ip": [{{Ports}}] }
                  ]
                }
                """
            : $$"""
                {
                  "groups": { "group:ai-users": ["you@example.com"] },
                  "tagOwners": { "{{Tag}}": ["autogroup:admin"] },
                  "grants": [
                    { "src": ["group:ai-users"], "dst": ["{{Tag}}"], "ip": [{{Ports}}] }
                  ]
                }
                """;

    /// <summary>For the machines with a tag.</summary>
    public string ByTag =>
        $$"""
            {
              "tagOwners": {
                "{{Tag}}": ["autogroup:admin"],
                "tag:ai-client": ["autogroup:admin"]
              },
              "grants": [
                { "src": ["tag:ai-client"], "dst": ["{{Tag}}"], "ip": [{{Ports}}] }
              ]
            }
            """;

    private string Ports =>
        string.Join(
            ", ",
            plan.Listeners.Select(listener => listener.Options.Address.Port)
                .Distinct()
                .Select(port => $"\"tcp:{port}\"")
        );

    // An alias stands for one address; the name in the tailnet has both.
    private IPAddress? Address =>
        TailscaleAddresses
            .Find(machine.Interfaces)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);
}
