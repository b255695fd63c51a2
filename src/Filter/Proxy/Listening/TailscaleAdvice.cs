namespace FastGate.Proxy.Listening;

/// <summary>What to do when a Tailscale address is missing, as a log message.</summary>
internal static class TailscaleAdvice
{
    /// <param name="state">The state that the daemon reports.</param>
    /// <param name="port">The port to listen on.</param>
    /// <param name="tool">How to run Tailscale's program (<see cref="TailscaleDaemon.Tool"/>).</param>
    /// <returns>Null if nothing is known that would help.</returns>
    public static string? For(TailscaleState state, int port, string tool = "sudo tailscale") =>
        state switch
        {
            // Tailscale's wgengine/netstack (acceptTCP): a connection to one of the machine's own addresses goes to
            // 127.0.0.1.
            TailscaleState.Userspace =>
                "Tailscale runs without a network interface (userspace networking), so there is no address to "
                    + $"listen on. It forwards tailnet connections to port {port} to 127.0.0.1:{port}, so an Ollama "
                    + "there is open to the tailnet, bypassing the gate. Start tailscaled without "
                    + "--tun=userspace-networking, or let the gate listen on "
                    + $"127.0.0.1:{port} and Ollama on another port (OLLAMA_HOST=127.0.0.1:{Other(port)}, "
                    + $"--upstream 127.0.0.1:{Other(port)}).",
            TailscaleState.LoggedOut => $"Tailscale runs, but this machine is not logged in: run {tool} up.",
            TailscaleState.AwaitsApproval =>
                "Tailscale runs, but this machine is waiting for approval: https://login.tailscale.com/admin/machines.",
            TailscaleState.Stopped => $"Tailscale runs, but is disconnected: run {tool} up.",
            _ => null,
        };

    private static int Other(int port) => port < ushort.MaxValue ? port + 1 : port - 1;
}
