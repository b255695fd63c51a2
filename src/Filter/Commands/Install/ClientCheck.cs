using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Config;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Install;

/// <summary>Whether the clients that connect today can connect to the gate. Pure.</summary>
/// <param name="machine">This machine.</param>
/// <param name="addresses">Where clients connect today.</param>
internal sealed class ClientCheck(Machine machine, IReadOnlyList<ClientAddress> addresses)
{
    /// <summary>The addresses that clients use today, joined; empty if none are known.</summary>
    private string Today =>
        string.Join(
            " and ",
            addresses.Select(address => address.IsTls ? $"{address.Text} (TLS)" : address.Text).Distinct()
        );

    /// <summary>No client that connects today could keep its URL.</summary>
    public bool CutsOff(GatePlan plan) =>
        Live.Any() && !addresses.Any(address => address.IsCoveredBy(EndPoints(plan), machine));

    /// <summary>The problem when clients connect today and the gate would have no address; null otherwise.</summary>
    public string? ProblemOf(GatePlan plan) =>
        !Live.Any() || EndPoints(plan).Count > 0
            ? null
            : $"clients connect at {Today} today, and FastGate would wait for {Listens(plan)}, an address "
                + $"that this machine does not have: "
                + "no client could connect. Start Tailscale, or choose another address";

    /// <summary>The result after the installation; null if the clients can connect as before.</summary>
    /// <param name="plan">The gate's plan.</param>
    /// <param name="isChosen">The user accepted that clients have to change.</param>
    public CheckResult? Run(GatePlan plan, bool isChosen)
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
            $"clients that use {Today} can no longer connect: change their URL to {Urls(plan)}"
        );
    }

    public static string Listens(GatePlan plan) =>
        string.Join(" and ", plan.Listeners.Select(listener => listener.Options.Address));

    /// <summary>Asks whether clients may be disconnected.</summary>
    public Question Question(GatePlan plan) =>
        new(
            QuestionKind.MoveClients,
            [
                $"Clients connect at {Today} today. FastGate would listen on {Listens(plan)} with "
                    + $"plain HTTP, so every client would need a new URL.",
            ],
            "Continue, and change the URL of every client afterwards?",
            IsYesByDefault: false
        );

    private IEnumerable<ClientAddress> Live => addresses.Where(address => address.IsReachable(machine));

    private IReadOnlyList<IPEndPoint> EndPoints(GatePlan plan) =>
        [.. plan.Listeners.SelectMany(listener => ListenPlan.Endpoints(listener.Options.Address, machine.Interfaces))];

    private string Urls(GatePlan plan) => string.Join(" or ", EndPoints(plan).Select(endPoint => $"http://{endPoint}"));
}
