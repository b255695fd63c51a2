namespace FastGate.Proxy.Listening;

/// <summary>What to say, and what to do, when a Tailscale address is waited for.</summary>
internal static class TailscaleAdvice
{
    /// <param name="state">What the daemon says.</param>
    /// <param name="port">The port to listen on.</param>
    /// <param name="tool">How Tailscale's program is run (<see cref="TailscaleDaemon.Tool"/>).</param>
    /// <returns>Null when nothing is known that would help.</returns>
    public static string? For(TailscaleState state, int port, string tool = "sudo tailscale") =>
        state switch
        {
            // Tailscale's wgengine/netstack (acceptTCP): a connection to one of the machine's own addresses goes to
            // 127.0.0.1.
            TailscaleState.Userspace =>
                "Tailscale runs here without a network interface (userspace networking), so there is no "
                    + "address to listen on. "
                    + $"Beware: it hands what the tailnet sends to port {port} to 127.0.0.1:{port}, so an "
                    + $"Ollama there is open to the "
                    + "tailnet, past this gate. Start tailscaled without --tun=userspace-networking; or "
                    + "let the gate listen on "
                    + $"127.0.0.1:{port} and Ollama on another port (OLLAMA_HOST=127.0.0.1:{Other(port)}, "
                    + $"--upstream 127.0.0.1:{Other(port)}).",
            TailscaleState.LoggedOut => $"Tailscale runs, but this machine is not logged in: {tool} up.",
            TailscaleState.AwaitsApproval =>
                "Tailscale runs, but this machine waits for approval: https://login.tailscale.com/admin/machines.",
            TailscaleState.Stopped => $"Tailscale runs, but is disconnected: {tool} up.",
            _ => null,
        };

    private static int Other(int port) => port < ushort.MaxValue ? port + 1 : port - 1;
}
