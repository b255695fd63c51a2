using System.Text;
using System.Text.RegularExpressions;

namespace FastGate.Test.Differential;

/// <summary>A stream that has been sent, and the response bytes its client received (Latin-1).</summary>
internal sealed partial record SentStream(StreamCase Case, Expectation Expected, string Answers, bool Hung)
{
    /// <summary>The violations that the client can see.</summary>
    public IEnumerable<Violation> Violations()
    {
        if (Hung)
            yield return new Violation(
                ViolationKind.Hung,
                Case,
                $"neither a response nor a close after {Answers.Length} bytes"
            );
        // A mutation may have changed an id, so check whether this client sent it.
        foreach (
            Match other in Answered()
                .Matches(Answers)
                .Where(match => !Case.Text.Contains($"i={match.Groups[1].Value}.", StringComparison.Ordinal))
        )
            yield return new Violation(
                ViolationKind.Altered,
                Case,
                $"the response to a request of stream {other.Groups[1].Value}"
            );

        var read = ResponseReader.Read(Answers, Expected.Methods, Expected.AnswersMax);
        if (read.Fault is { } fault)
            yield return new Violation(ViolationKind.Altered, Case, $"{fault}:\n{Answers}");
        else if (read.Whole < Expected.Required.Count)
            yield return new Violation(
                ViolationKind.WronglyRefused,
                Case,
                $"{read.Whole} complete responses to {Expected.Required.Count} requests:\n{Answers}"
            );

        int at = 0;
        foreach (var message in Expected.Required)
        {
            string mark = $"X-Query: {message.Query}\r\n";
            int found = Answers.IndexOf(mark, at, StringComparison.Ordinal);
            if (found < 0)
            {
                yield return new Violation(
                    ViolationKind.WronglyRefused,
                    Case,
                    $"{message.Method} {message.Target} got no response in its turn:\n{Answers}"
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
