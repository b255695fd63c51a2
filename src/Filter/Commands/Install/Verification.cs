using System.Globalization;
using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>Looks whether an installation does what it is for: through the gate what is allowed, past it
/// nothing.</summary>
internal sealed class Verification(HostEnvironment site, GatePlan plan)
{
    /// <summary>A just started program is there within a second or two; a busy machine gets more.</summary>
    private static readonly TimeSpan StartLongest = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private const int Exchanges = 200;
    private const string AllowedPath = "/api/version";

    public async IAsyncEnumerable<VerificationReport> RunAsync()
    {
        IPEndPoint? ollama = plan.Upstream.KnownAddresses is [var address, ..]
            ? new IPEndPoint(address, plan.Upstream.Port)
            : null;
        bool answers = ollama is not null && await AwaitAsync(ollama, "GET", AllowedPath) is { Status: 200 };
        yield return Ollama(ollama, answers);
        List<IPEndPoint> gates =
        [
            .. plan.Listeners.SelectMany(listener =>
                ListenPlan.Endpoints(listener.Options.Address, site.Machine.Interfaces)
            ),
        ];
        if (ollama is not null && IPAddress.IsLoopback(ollama.Address))
            yield return await PastTheGateAsync(ollama.Port, gates);
        foreach (PlannedListener listener in plan.Listeners)
        {
            IReadOnlyList<IPEndPoint> endPoints = ListenPlan.Endpoints(
                listener.Options.Address,
                site.Machine.Interfaces
            );
            if (endPoints.Count == 0)
                yield return new VerificationReport(
                    CheckOutcome.Skip,
                    $"{listener.Options.Address}: there is no such address yet; FastGate waits for it "
                        + $"({(site.Machine.IsMac ? "" : "sudo ")}tailscale up)"
                );
            foreach (IPEndPoint endPoint in endPoints)
            {
                if (listener.Options.From is { } from && !AddressRanges.Contain(from, endPoint.Address))
                {
                    // The gate closes such a connection without a word, as it should.
                    yield return new VerificationReport(
                        CheckOutcome.Skip,
                        $"{endPoint}: \"from\" does not list this machine, so it cannot be asked from here"
                    );
                    continue;
                }
                RuleSet rules = listener.Options.Policy.Rules;
                VerificationReport refused = await RefusesAsync(endPoint, rules);
                yield return refused;
                if (refused.Outcome != CheckOutcome.Pass || !answers)
                    continue;
                if (rules.Match("GET"u8, "/api/version"u8).Allowed)
                    yield return await PassesAsync(ollama!, endPoint);
            }
        }
    }

    private static VerificationReport Ollama(IPEndPoint? endPoint, bool answers)
    {
        if (endPoint is null)
            return new VerificationReport(CheckOutcome.Skip, "Ollama is behind a name, which is not asked from here");
        return answers
            ? new VerificationReport(CheckOutcome.Pass, $"Ollama answers at {endPoint}")
            : new VerificationReport(
                CheckOutcome.Fail,
                $"Ollama does not answer at {endPoint}: start it (ollama serve), or correct \"upstream\" in the config"
            );
    }

    /// <summary>Every other address of this machine, at Ollama's port: nobody but the gate may answer.</summary>
    private async Task<VerificationReport> PastTheGateAsync(int port, List<IPEndPoint> gates)
    {
        IPEndPoint[] others = PastTheGate.Others(site.Machine.Interfaces, port, gates);
        foreach (IPEndPoint other in others)
        {
            if (await site.Probe.AskAsync(other, "GET", AllowedPath) is not { } answer || IsGates(answer))
                continue;
            return new VerificationReport(
                CheckOutcome.Fail,
                $"Ollama can be reached at {other}, past the gate: "
                    + $"set {OllamaHost.Variable}={plan.Upstream} where it is started, and restart it"
            );
        }
        return new VerificationReport(
            CheckOutcome.Pass,
            $"Ollama is reached on loopback only (asked {others.Length} other addresses)"
        );
    }

    private async Task<VerificationReport> RefusesAsync(IPEndPoint endPoint, RuleSet rules)
    {
        (string method, string path) = Forbidden(rules);
        ProbeAnswer? answer = await AwaitAsync(endPoint, method, path);
        if (answer is null)
            return new VerificationReport(
                CheckOutcome.Fail,
                $"nobody answers at {endPoint}: the log says why (README, \"When something is wrong\")"
            );
        return answer.Status == 403 && IsGates(answer)
            ? new VerificationReport(CheckOutcome.Pass, $"{method} {path} is refused at {endPoint}")
            : new VerificationReport(
                CheckOutcome.Fail,
                $"{method} {path} at {endPoint} is answered {answer.Status}, not by FastGate: another "
                    + $"program has the port"
            );
    }

    private async Task<VerificationReport> PassesAsync(IPEndPoint ollama, IPEndPoint gate)
    {
        List<double> direct = [];
        List<double> through = [];
        // In turn, so that what else the machine does burdens both.
        for (int n = 0; n < Exchanges; n++)
        {
            if (
                await site.Probe.AskAsync(ollama, "GET", AllowedPath) is not { Status: 200 } one
                || await site.Probe.AskAsync(gate, "GET", AllowedPath) is not { Status: 200 } other
            )
                return new VerificationReport(
                    CheckOutcome.Fail,
                    $"GET {AllowedPath} did not come through {gate} every time"
                );
            direct.Add(one.Took.TotalMilliseconds);
            through.Add(other.Took.TotalMilliseconds);
        }
        double added = Median(through) - Median(direct);
        string says = string.Create(
            CultureInfo.InvariantCulture,
            $"GET {AllowedPath} comes through {gate}; it adds {added:0.000} ms (median of {Exchanges})"
        );
        return new VerificationReport(added < 1 ? CheckOutcome.Pass : CheckOutcome.Fail, says);
    }

    private async Task<ProbeAnswer?> AwaitAsync(IPEndPoint endPoint, string method, string path)
    {
        long start = site.Time.GetTimestamp();
        while (true)
        {
            ProbeAnswer? answer = await site.Probe.AskAsync(endPoint, method, path);
            if (answer is not null || site.Time.GetElapsedTime(start) >= StartLongest)
                return answer;
            // Another process is waited for, which tells nobody when it listens.
            await Task.Delay(Pause, site.Time);
        }
    }

    // A route that Ollama really has and the rules do not open.
    private static (string Method, string Path) Forbidden(RuleSet rules) =>
        OllamaRoutes
            .All.Where(route => route.Rule.Segments.All(segment => segment.Kind == SegmentKind.Literal))
            .SelectMany(route => route.Rule.Methods, (route, method) => (Method: method, route.Rule.Path))
            .FirstOrDefault(
                asked => !rules.Match(Bytes(asked.Method), Bytes(asked.Path)).Allowed,
                (Method: "GET", Path: "/fastgate/refused")
            );

    private static bool IsGates(ProbeAnswer answer) =>
        answer.Content.Contains("FastGate", StringComparison.OrdinalIgnoreCase);

    private static byte[] Bytes(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
