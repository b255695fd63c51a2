using System.Globalization;
using System.Net;
using System.Net.Sockets;
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

    /// <summary>All addresses, as far as they are known.</summary>
    /// <param name="state">What is on the machine.</param>
    /// <param name="paths">Where agents are.</param>
    /// <param name="withOllama">Ollama's agent is changed too, so that its address becomes free.</param>
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
    public bool IsReachable(Machine machine) =>
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

/// <summary>Where the gate can listen so that clients go on as they do today. Pure.</summary>
internal sealed class ListenChoice
{
    private ListenChoice(
        IReadOnlyList<ClientAddress> addresses,
        IReadOnlyList<IReadOnlyList<string>> options,
        bool isOpen
    ) => (Addresses, Options, IsOpen) = (addresses, options, isOpen);

    /// <summary>The addresses that it follows.</summary>
    public IReadOnlyList<ClientAddress> Addresses { get; }

    /// <summary>Each a list of addresses for <c>listen</c>; the first is the safe one. Empty if nothing is
    /// known.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Options { get; }

    /// <summary>Clients may use any address of this machine today, which FastGate never does by itself.</summary>
    public bool IsOpen { get; }

    /// <summary>Nothing is to be asked: there is one way, and it opens nothing beyond Tailscale.</summary>
    public bool IsObvious => Options.Count < 2;

    /// <param name="all">The addresses.</param>
    /// <param name="machine">This machine.</param>
    /// <param name="upstream">Where Ollama will be, at which the gate cannot listen.</param>
    public static ListenChoice Of(IReadOnlyList<ClientAddress> all, Machine machine, string upstream)
    {
        // Clients that speak TLS cannot go on; if there are others, those count.
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

    // An address of IPv6 only where an interface has no other: most are temporary.
    private static IEnumerable<IPAddress> Own(Machine machine)
    {
        IReadOnlyList<IPAddress> tailscale = TailscaleAddresses.Find(machine.Interfaces);
        return from each in machine.Interfaces
            where
                !IPAddress.IsLoopback(each.Address)
                && !each.Address.IsIPv6LinkLocal
                && !tailscale.Contains(each.Address)
            where
                each.Address.AddressFamily == AddressFamily.InterNetwork
                || !machine.Interfaces.Any(other =>
                    other.Interface == each.Interface && other.Address.AddressFamily == AddressFamily.InterNetwork
                )
            select each.Address;
    }
}
