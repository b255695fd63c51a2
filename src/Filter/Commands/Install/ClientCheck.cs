using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Config;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Install;

/// <summary>Whether the clients of today can connect to the gate. Pure.</summary>
/// <param name="machine">This machine.</param>
/// <param name="addresses">Where clients connect today.</param>
internal sealed class ClientCheck(Machine machine, IReadOnlyList<ClientAddress> addresses)
{
    /// <summary>Clients of today, in a sentence; empty if none are known.</summary>
    private string Today =>
        string.Join(
            " and ",
            addresses.Select(address => address.IsTls ? $"{address.Text} (TLS)" : address.Text).Distinct()
        );

    /// <summary>Nobody who connects today could go on as before.</summary>
    public bool CutsOff(GatePlan plan) =>
        Live.Any() && !addresses.Any(address => address.IsCoveredBy(EndPoints(plan), machine));

    /// <summary>Somebody connects today, and the gate would have no address at all.</summary>
    public string? ProblemOf(GatePlan plan) =>
        !Live.Any() || EndPoints(plan).Count > 0
            ? null
            : $"clients connect at {Today} today, and FastGate would wait for {Listens(plan)}, an address "
                + $"that this machine does not have: "
                + "nobody could connect. Start Tailscale, or choose another address";

    /// <summary>How it stands when everything has been done; null if all is well.</summary>
    /// <param name="plan">What the gate runs with.</param>
    /// <param name="isChosen">The owner knows that clients have to change.</param>
    public CheckResult? Look(GatePlan plan, bool isChosen)
    {
        if (EndPoints(plan).Count == 0)
        {
            string change = addresses.Count > 0 ? $"; clients used {Today} until now" : "";
            return new CheckResult(
                CheckOutcome.Fail,
                $"no client can connect: this machine has no address for {Listens(plan)}{change}. Start "
                    + $"Tailscale, or set \"listen\" in the config"
            );
        }
        if (!CutsOff(plan))
            return null;
        return new CheckResult(
            isChosen ? CheckOutcome.Skip : CheckOutcome.Fail,
            $"clients that use {Today} cannot connect any more: their URL has to become {Urls(plan)}"
        );
    }

    public static string Listens(GatePlan plan) =>
        string.Join(" and ", plan.Listeners.Select(listener => listener.Options.Address));

    /// <summary>The question of whether clients may be cut off.</summary>
    public Question Question(GatePlan plan) =>
        new(
            QuestionKind.MoveClients,
            [
                $"Clients connect at {Today} today; FastGate would listen at {Listens(plan)} and speak "
                    + $"plain HTTP, so none of them could go on as before.",
            ],
            "Go on, and change the URL of every client afterwards?",
            IsYesByDefault: false
        );

    private IEnumerable<ClientAddress> Live => addresses.Where(address => address.IsReachable(machine));

    private IReadOnlyList<IPEndPoint> EndPoints(GatePlan plan) =>
        [.. plan.Listeners.SelectMany(listener => ListenPlan.Endpoints(listener.Options.Address, machine.Interfaces))];

    private string Urls(GatePlan plan) => string.Join(" or ", EndPoints(plan).Select(endPoint => $"http://{endPoint}"));
}
