using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Check;

/// <summary>Tells what becomes of one request at each listener, and what a refused client would see.</summary>
internal static class RequestReport
{
    /// <returns>Whether any listener lets it through: the question is what can reach Ollama.</returns>
    public static bool Write(Terminal terminal, GatePlan plan, RequestText request)
    {
        bool any = false;
        foreach (PlannedListener listener in plan.Listeners)
        {
            RequestTrial trial = RequestTrial.Of(plan, listener, request.Bytes);
            any |= trial.Allowed;
            terminal.Line(
                $"[bold]{Terminal.Plain(listener.Options.Address.ToString())}[/]  {Terminal.Plain($"{request.Method} {request.Target}")}"
            );
            if (trial.Allowed)
                WriteAllowed(terminal, listener, trial);
            else
                WriteRefused(terminal, request, trial);
        }
        return any;
    }

    private static void WriteAllowed(Terminal terminal, PlannedListener listener, RequestTrial trial)
    {
        int index = trial.Judgement.RuleIndex;
        Rule rule = listener.Options.Policy.Rules.Rules[index];
        terminal.Line($"  [green]allowed[/] by {Terminal.Plain($"{rule} ({listener.OriginOf(index)})")}");
    }

    private static void WriteRefused(Terminal terminal, RequestText request, RequestTrial trial)
    {
        terminal.Line($"  [red]refused[/] ({Terminal.Plain(WhyOf(trial))})");
        if (trial.Judgement.Kind == VerdictKind.Method && request.Method.Any(char.IsAsciiLetterLower))
            terminal.Line(
                $"  Methods are case-sensitive: clients send {Terminal.Plain(request.Method.ToUpperInvariant())}."
            );
        if (trial.Reply.Length == 0)
        {
            terminal.Line(
                "  The client sees the connection closed, without a reply: it spoke TLS (https) to a plain-HTTP port."
            );
            return;
        }
        terminal.Line("  The client sees:");
        // Not through the console, which would break the lines at its width.
        foreach (string line in trial.Reply.TrimEnd().Split("\r\n"))
            terminal.Out.WriteLine($"    {line}".TrimEnd());
    }

    private static string WhyOf(RequestTrial trial) =>
        trial.Judgement.Kind switch
        {
            VerdictKind.Path => "no rule has this path",
            VerdictKind.Method => "rules have this path, none with this method",
            VerdictKind.Upgrade => "a WebSocket is asked for, and the path is open for POST only",
            VerdictKind.Host => "the host is not one of the gate's names",
            _ => $"the request is malformed: {trial.Word}",
        };
}
