using System.Net;
using System.Net.Sockets;
using FastGate.Config;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Install;

/// <summary>Where the gate can listen so that clients go on as they do today. Pure.</summary>
internal sealed class ListenChoice
{
    private ListenChoice(
        IReadOnlyList<ClientAddress> doors,
        IReadOnlyList<IReadOnlyList<string>> options,
        bool isOpen
    ) => (Addresses, Options, IsOpen) = (doors, options, isOpen);

    /// <summary>The doors that it follows.</summary>
    public IReadOnlyList<ClientAddress> Addresses { get; }

    /// <summary>Each a list of addresses for <c>listen</c>; the first is the safe one. Empty if nothing is
    /// known.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Options { get; }

    /// <summary>Clients may use any address of this machine today, which FastGate never does by itself.</summary>
    public bool IsOpen { get; }

    /// <summary>Nothing is to be asked: there is one way, and it opens nothing beyond Tailscale.</summary>
    public bool IsPlain => Options.Count < 2;

    /// <param name="all">The doors.</param>
    /// <param name="machine">This machine.</param>
    /// <param name="upstream">Where Ollama will be, at which the gate cannot listen.</param>
    public static ListenChoice Of(IReadOnlyList<ClientAddress> all, Machine machine, string upstream)
    {
        // Clients that speak TLS cannot go on; if there are others, those count.
        ClientAddress[] doors = all.Any(door => !door.IsTls) ? [.. all.Where(door => !door.IsTls)] : [.. all];
        string[] followed =
        [
            .. doors
                .Select(door => door.ToListen(machine))
                .OfType<string>()
                .Where(listen => listen != upstream)
                .Distinct(),
        ];
        int[] open = [.. doors.Where(door => door.ToListen(machine) is null).Select(door => door.Port).Distinct()];
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
            options.Add([.. doors.Select(door => ClientAddress.Tailscale(door.Port)).Distinct()]);
        return new ListenChoice(doors, options, open.Length > 0);
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
