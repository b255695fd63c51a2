using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FastGate.Commands.Install.Haproxy;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Install;

/// <summary>An address where clients reach Ollama today: Ollama's own, or HAProxy's in front of it.</summary>
/// <param name="Source">The program that listens there, and the file and line that set it.</param>
/// <param name="Text">The address and port, as written there.</param>
internal sealed record ClientAddress(string Source, string Text, int Port)
{
    /// <summary>Null for every address, for an interface, and if unknown.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary>The interface that the address is limited to; null if none.</summary>
    public string? Interface { get; private init; }

    /// <summary>Whether clients use TLS.</summary>
    public bool IsTls { get; private init; }

    /// <summary>Whether the address is a variable whose name says that it holds the Tailscale address.</summary>
    private bool IsNamedTailscale { get; init; }

    /// <summary>All known addresses.</summary>
    /// <param name="state">The state of the machine.</param>
    /// <param name="paths">For displayed paths.</param>
    /// <param name="withOllama">Ollama's agent is changed too, which frees its address.</param>
    public static IReadOnlyList<ClientAddress> All(MachineState state, InstallPaths paths, bool withOllama)
    {
        if (state.IsHaproxyInTheWay && state.Haproxy is { LeadsToOllama: true } haproxy)
            return [.. haproxy.Binds.Select(Of)];
        return withOllama ? [.. state.FixableOllamas.Select(agent => OfOllama(agent, paths))] : [];
    }

    public static ClientAddress Of(Bind bind) =>
        new($"HAProxy, {bind.Line}", bind.Text, bind.Port)
        {
            Address = bind.Address,
            Interface = bind.Interface,
            IsTls = bind.IsTls,
            IsNamedTailscale = bind.IsVariable && bind.Text.Contains("TAILSCALE", StringComparison.OrdinalIgnoreCase),
        };

    private static ClientAddress OfOllama(ServerAgent agent, InstallPaths paths)
    {
        OllamaHost host = OllamaHost.Parse(agent.Host!);
        string source = $"{agent.Source(OllamaHost.Variable, paths.Short)} has {OllamaHost.Variable}={agent.Host}";
        return new ClientAddress(source, agent.Host!, int.Parse(host.Port, CultureInfo.InvariantCulture))
        {
            Address = host.IsEveryAddress || !IPAddress.TryParse(host.Host, out IPAddress? address) ? null : address,
        };
    }

    /// <summary>The address in the form of <c>listen</c>; null if it is every address, or unknown.</summary>
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
        bool isElsewhere = machine.Interfaces.Any(item => item.Address.Equals(Address));
        return !isElsewhere && TailscaleAddresses.Ranges.Any(range => range.Contains(Address))
            ? Tailscale(Port)
            : new IPEndPoint(Address, Port).ToString();
    }

    /// <summary>Whether clients can reach it now: it is an address of this machine.</summary>
    public bool IsReachable(Machine machine) =>
        Address is null
        || IPAddress.IsLoopback(Address)
        || machine.Interfaces.Any(item => item.Address.Equals(Address));

    /// <summary>Whether clients that keep using this address would reach one of the gate's addresses.</summary>
    public bool IsCoveredBy(IReadOnlyList<IPEndPoint> gate, Machine machine) =>
        !IsTls
        && gate.Any(endPoint =>
            endPoint.Port == Port
            && (
                AddressRanges.IsUnspecified(endPoint.Address)
                || (
                    Interface is { } name ? IsOn(machine, endPoint.Address, name)
                    : Address is null ? !IPAddress.IsLoopback(endPoint.Address)
                    : endPoint.Address.Equals(Address)
                )
            )
        );

    public static string Tailscale(int port) => $"tailscale:{port}";

    private static bool IsOn(Machine machine, IPAddress address, string name) =>
        machine.Interfaces.Any(item => item.Interface == name && item.Address.Equals(address));
}

/// <summary>Where the gate can listen so that clients keep their addresses. Pure.</summary>
internal sealed class ListenChoice
{
    private ListenChoice(
        IReadOnlyList<ClientAddress> addresses,
        IReadOnlyList<IReadOnlyList<string>> options,
        bool isOpen
    ) => (Addresses, Options, IsOpen) = (addresses, options, isOpen);

    /// <summary>The client addresses that the options are derived from.</summary>
    public IReadOnlyList<ClientAddress> Addresses { get; }

    /// <summary>The options, each a list of addresses for <c>listen</c>; the first is the safest. Empty if no client
    /// address is known.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Options { get; }

    /// <summary>Whether clients can use any address of this machine today, which FastGate never does by
    /// itself.</summary>
    public bool IsOpen { get; }

    /// <summary>Whether nothing needs to be asked: at most one option, which opens nothing beyond Tailscale.</summary>
    public bool IsObvious => Options.Count < 2;

    /// <param name="all">The client addresses.</param>
    /// <param name="upstream">Ollama's address, where the gate cannot listen.</param>
    public static ListenChoice Of(IReadOnlyList<ClientAddress> all, Machine machine, string upstream)
    {
        // Clients that use TLS cannot continue; if there are others, only those count.
        ClientAddress[] addresses = all.Any(address => !address.IsTls)
            ? [.. all.Where(address => !address.IsTls)]
            : [.. all];
        string[] followed =
        [
            .. addresses
                .Select(address => address.ToListen(machine))
                .OfType<string>()
                .Where(listen => listen != upstream)
                .Distinct(),
        ];
        int[] open =
        [
            .. addresses.Where(address => address.ToListen(machine) is null).Select(address => address.Port).Distinct(),
        ];
        List<IReadOnlyList<string>> options = [];
        if (followed.Length + open.Length > 0)
            options.Add([.. followed.Union(open.Select(ClientAddress.Tailscale))]);
        if (open.Length > 0)
            options.AddRange(
                Own(machine)
                    .Select(address =>
                        (IReadOnlyList<string>)
                            [.. followed.Union(open.Select(port => new IPEndPoint(address, port).ToString()))]
                    )
            );
        else if (followed.Any(listen => !listen.StartsWith("tailscale:", StringComparison.Ordinal)))
            options.Add([.. addresses.Select(address => ClientAddress.Tailscale(address.Port)).Distinct()]);
        return new ListenChoice(addresses, options, open.Length > 0);
    }

    // IPv6 addresses only for an interface that has no other, because most of them are temporary.
    private static IEnumerable<IPAddress> Own(Machine machine)
    {
        IReadOnlyList<IPAddress> tailscale = TailscaleAddresses.Find(machine.Interfaces);
        return from item in machine.Interfaces
            where
                !IPAddress.IsLoopback(item.Address)
                && !item.Address.IsIPv6LinkLocal
                && !tailscale.Contains(item.Address)
            where
                item.Address.AddressFamily == AddressFamily.InterNetwork
                || !machine.Interfaces.Any(other =>
                    other.Interface == item.Interface && other.Address.AddressFamily == AddressFamily.InterNetwork
                )
            select item.Address;
    }
}
