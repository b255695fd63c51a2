namespace FastGate.Commands.Install;

/// <summary>What to paste into Tailscale's access controls, so that only the chosen machines reach the gate.</summary>
internal static class TailscaleAcl
{
    /// <param name="ports">The ports of the gate.</param>
    public static string Text(IEnumerable<int> ports)
    {
        string to = string.Join(", ", ports.Distinct().Select(port => $"\"tag:ai-server:{port}\""));
        return $$"""
            {
              "tagOwners": {
                "tag:ai-server": ["autogroup:admin"],
                "tag:ai-client": ["autogroup:admin"]
              },
              "acls": [
                { "action": "accept", "src": ["tag:ai-client"], "dst": [{{to}}] }
              ]
            }
            """;
    }
}
