using System.Globalization;
using System.Net;
using FastGate.Commands.Install.Haproxy;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Install;

/// <summary>An address at which clients reach Ollama today, past the gate or through HAProxy.</summary>
/// <param name="Source">Who listens there, and where that is written.</param>
/// <param name="Text">The address and port, as written there.</param>
/// <param name="Port">The port.</param>
internal sealed record ClientAddress(string Source, string Text, int Port)
{
    /// <summary>Null if it is every address, an interface or unknown.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary>Only what comes in at this interface.</summary>
    public string? Interface { get; private init; }

    /// <summary>Clients speak TLS there.</summary>
    public bool IsTls { get; private init; }

    /// <summary>A variable that, by its name, has the Tailscale address.</summary>
    private bool IsNamedTailscale { get; init; }

    /// <summary>All doors, as far as they are known.</summary>
    /// <param name="findings">What is on the machine.</param>
    /// <param name="places">Where agents are.</param>
    /// <param name="withOllama">Ollama's agent is changed too, so that its address becomes free.</param>
    public static IReadOnlyList<ClientAddress> All(MachineState findings, InstallPaths places, bool withOllama)
    {
        if (findings.IsHaproxyInTheWay && findings.Haproxy is { LeadsToOllama: true } haproxy)
            return [.. haproxy.Binds.Select(Of)];
        return withOllama ? [.. findings.ClosableOllamas.Select(agent => OfOllama(agent, places))] : [];
    }

    public static ClientAddress Of(Bind bind) =>
        new($"HAProxy, {bind.Line}", bind.Text, bind.Port)
        {
            Address = bind.Address,
            Interface = bind.Interface,
            IsTls = bind.IsTls,
            IsNamedTailscale = bind.IsVariable && bind.Text.Contains("TAILSCALE", StringComparison.OrdinalIgnoreCase),
        };

    private static ClientAddress OfOllama(ServerAgent agent, InstallPaths places)
    {
        OllamaHost host = OllamaHost.Parse(agent.Host!);
        string source = $"{agent.Source(OllamaHost.Variable, places.Short)} has {OllamaHost.Variable}={agent.Host}";
        return new ClientAddress(source, agent.Host!, int.Parse(host.Port, CultureInfo.InvariantCulture))
        {
            Address = host.IsEveryAddress || !IPAddress.TryParse(host.Host, out IPAddress? address) ? null : address,
        };
    }

    /// <summary>The same address as <c>listen</c> has it; null if it is every address, or unknown.</summary>
    public string? ToListen(Machine machine)
    {
        if (IsNamedTailscale)
            return Tailscale(Port);
        if (Interface is { } name)
            return TailscaleAddresses.Find(machine.Interfaces).Any(address => IsOn(machine, address, name))
                ? Tailscale(Port)
                : $"{name}:{Port}";
        if (Address is null || Address.IsIPv6LinkLocal)
            return null;
        if (TailscaleAddresses.Find(machine.Interfaces).Contains(Address))
            return Tailscale(Port);
        bool isElsewhere = machine.Interfaces.Any(each => each.Address.Equals(Address));
        return !isElsewhere && TailscaleAddresses.Ranges.Any(range => range.Contains(Address))
            ? Tailscale(Port)
            : new IPEndPoint(Address, Port).ToString();
    }

    /// <summary>Somebody can reach it today: it is an address of this machine.</summary>
    public bool IsLive(Machine machine) =>
        Address is null
        || IPAddress.IsLoopback(Address)
        || machine.Interfaces.Any(each => each.Address.Equals(Address));

    /// <summary>Clients that call it as they do today reach one of the gate's addresses.</summary>
    public bool IsCoveredBy(IReadOnlyList<IPEndPoint> gate, Machine machine) =>
        !IsTls
        && gate.Any(endPoint =>
            endPoint.Port == Port
            && (
                endPoint.Address.Equals(IPAddress.Any)
                || endPoint.Address.Equals(IPAddress.IPv6Any)
                || (
                    Interface is { } name ? IsOn(machine, endPoint.Address, name)
                    : Address is null ? !IPAddress.IsLoopback(endPoint.Address)
                    : endPoint.Address.Equals(Address)
                )
            )
        );

    public static string Tailscale(int port) => $"tailscale:{port}";

    private static bool IsOn(Machine machine, IPAddress address, string name) =>
        machine.Interfaces.Any(each => each.Interface == name && each.Address.Equals(address));
}
