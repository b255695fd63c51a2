using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Check;

/// <summary>Shows how each listener decides one request, and what a refused client would see.</summary>
internal static class RequestReport
{
    /// <returns>Whether any listener allows it, since that is enough for it to reach Ollama.</returns>
    public static bool Write(Terminal terminal, GatePlan plan, RequestText request)
    {
        bool any = false;
        foreach (PlannedListener listener in plan.Listeners)
        {
            RequestTrial trial = RequestTrial.Of(plan, listener, request.Bytes);
            any |= trial.Allowed;
            terminal.Line(
                $"[bold]{Terminal.Plain(listener.Options.Address.ToString())}[/]  "
                    + Terminal.Plain($"{request.Method} {request.Target}")
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
        int index = trial.Verdict.RuleIndex;
        Rule rule = listener.Options.Policy.Rules.Items[index];
        terminal.Line($"  {Palette.Good("allowed")} by {Terminal.Plain($"{rule} ({listener.OriginOf(index)})")}");
    }

    private static void WriteRefused(Terminal terminal, RequestText request, RequestTrial trial)
    {
        terminal.Line($"  {Palette.Bad("refused")} ({Terminal.Plain(ReasonOf(trial))})");
        if (trial.Verdict.Kind == VerdictKind.Method && request.Method.Any(char.IsAsciiLetterLower))
            terminal.Line(
                $"  Methods are case-sensitive: clients send {Terminal.Plain(request.Method.ToUpperInvariant())}."
            );
        if (trial.Reply.Length == 0)
        {
            terminal.Line(
                "  The client sees the connection close without a response: it sent TLS (https) to a plain-HTTP port."
            );
            return;
        }
        terminal.Line("  The client sees:");
        foreach (string line in trial.Reply.TrimEnd().Split("\r\n"))
            if (line.Length > 0)
                terminal.Paragraph(Terminal.Plain(line), indent: 4);
            else
                terminal.Out.WriteLine();
    }

    private static string ReasonOf(RequestTrial trial) =>
        trial.Verdict.Kind switch
        {
            VerdictKind.Path => "no rule matches this path",
            VerdictKind.Method => "rules match this path, but not this method",
            VerdictKind.Upgrade => "the request opens a WebSocket, but this path allows only POST",
            VerdictKind.Host => "the host is not one of the gate's names",
            _ => $"the request is malformed: {trial.Word}",
        };
}
