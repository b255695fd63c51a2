using System.Text;
using System.Text.RegularExpressions;

namespace FastGate.Test.Differential;

/// <summary>A stream that has been sent, and the response bytes its client received (Latin-1).</summary>
internal sealed partial record SentStream(StreamCase Case, Expectation Expected, string Responses, bool Hung)
{
    /// <summary>The violations that the client can see.</summary>
    public IEnumerable<Violation> Violations()
    {
        if (Hung)
            yield return new Violation(
                ViolationKind.Hung,
                Case,
                $"neither a response nor a close after {Responses.Length} bytes"
            );
        // A mutation may have changed an id, so check whether this client sent it.
        foreach (
            Match other in Answered()
                .Matches(Responses)
                .Where(match => !Case.Text.Contains($"i={match.Groups[1].Value}.", StringComparison.Ordinal))
        )
            yield return new Violation(
                ViolationKind.Altered,
                Case,
                $"the response to a request of stream {other.Groups[1].Value}"
            );

        var read = ResponseReader.Read(Responses, Expected.Methods, Expected.ResponsesMax);
        if (read.Fault is { } fault)
            yield return new Violation(ViolationKind.Altered, Case, $"{fault}:\n{Responses}");
        else if (read.Whole < Expected.Required.Count)
            yield return new Violation(
                ViolationKind.WronglyRefused,
                Case,
                $"{read.Whole} complete responses to {Expected.Required.Count} requests:\n{Responses}"
            );

        int at = 0;
        foreach (var message in Expected.Required)
        {
            string mark = $"X-Query: {message.Query}\r\n";
            int found = Responses.IndexOf(mark, at, StringComparison.Ordinal);
            if (found < 0)
            {
                yield return new Violation(
                    ViolationKind.WronglyRefused,
                    Case,
                    $"{message.Method} {message.Target} got no response in its turn:\n{Responses}"
                );
                yield break;
            }
            at = found + mark.Length;
        }
    }

    /// <summary>The bytes that identify the response to the tail request.</summary>
    public static byte[] TailMark(StreamCase stream) =>
        Encoding.ASCII.GetBytes($"X-Query: i={Grammar.Name(stream.Index, "end")}\r\n");

    [GeneratedRegex(@"X-Query: (?:[^\r]*&)?i=(\d+)\.")]
    private static partial Regex Answered();
}
