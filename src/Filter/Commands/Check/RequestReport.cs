using System.Buffers;
using System.Text;
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
        Rule rule = listener.Options.Policy.Rules.Items[index];
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

/// <summary>One request put before one listener, by the gate's own code and without a socket.</summary>
/// <param name="Judgement">What becomes of it.</param>
/// <param name="Word">The same in the words of the access log.</param>
/// <param name="Reply">The whole response that a refused client would see; empty when it sees none.</param>
internal sealed record RequestTrial(Verdict Judgement, string Word, string Reply)
{
    public bool Allowed => Judgement.Kind == VerdictKind.Allowed;

    public static RequestTrial Of(GatePlan plan, PlannedListener listener, byte[] head)
    {
        Exchange exchange = new();
        HeadAction step = RequestReader.Scan(
            exchange,
            head,
            ended: true,
            late: false,
            listener.Options.Policy,
            plan.Limits.HeadBytesMax
        );
        ArrayBufferWriter<byte> reply = new();
        bool close = exchange.Head.EndsConnection || exchange.Verdict.Kind == VerdictKind.Fault;
        if (step == HeadAction.Refuse)
            Replies.WriteTo(reply, exchange, head, Encoding.ASCII.GetBytes(plan.Upstream.ToString()), close);
        return new RequestTrial(
            exchange.Verdict,
            Encoding.ASCII.GetString(Replies.WordOf(exchange)),
            Encoding.UTF8.GetString(reply.WrittenSpan)
        );
    }
}
