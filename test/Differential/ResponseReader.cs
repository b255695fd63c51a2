using System.Globalization;
using System.Text.RegularExpressions;

namespace FastGate.Test.Differential;

/// <summary>
/// Reads responses strictly by RFC 9112 §6.3, given the request methods. A response or refusal in the middle of another
/// one is a fault, and so is a surplus response.
/// </summary>
internal static partial class ResponseReader
{
    private const int SwitchingProtocols = 101;

    /// <param name="responses">All response bytes, as Latin-1.</param>
    /// <param name="methods">The request methods, as far as they are known.</param>
    /// <param name="responsesMax">The maximum number of final responses.</param>
    public static ResponseReading Read(string responses, IReadOnlyList<string> methods, int responsesMax)
    {
        int at = 0;
        for (int whole = 0; ; whole++)
        {
            if (SkipInterim(responses, ref at) is { } fault)
                return new ResponseReading(whole, fault);
            if (at == responses.Length)
                return new ResponseReading(whole, null);
            if (whole == responsesMax)
                return new ResponseReading(whole, $"a surplus response at {at}");
            var head = Head().Match(responses, at);
            if (!head.Success)
                return new ResponseReading(whole, IsCutShort(responses[at..]) ? null : $"no response at {at}");

            int start = at + head.Length;
            // The last refusal may be for a HEAD that could not be parsed; then nothing follows.
            bool isHead = whole < methods.Count ? methods[whole] == "HEAD" : start == responses.Length;
            int end = isHead ? start : EndOfContent(responses, head, start);
            if (end < 0)
                return new ResponseReading(whole, $"broken chunks at {start}");
            if (end > responses.Length)
                return new ResponseReading(whole, null);
            at = end;
        }
    }

    private static string? SkipInterim(string responses, ref int at)
    {
        while (Head().Match(responses, at) is { Success: true } head && StatusOf(head) < 200)
        {
            if (StatusOf(head) == SwitchingProtocols)
                return $"a 101 at {at}";
            at += head.Length;
        }
        return null;
    }

    /// <summary>The end of the response: past the last byte if it is truncated, negative if it is invalid.</summary>
    private static int EndOfContent(string responses, Match head, int start)
    {
        if (StatusOf(head) is 204 or 304)
            return start;
        if (Chunked().IsMatch(head.Value))
            return EndOfChunks(responses, start);
        return Length().Match(head.Value) is { Success: true } length
            ? start + int.Parse(length.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : responses.Length;
    }

    private static int EndOfChunks(string responses, int at)
    {
        while (Chunk().Match(responses, at) is { Success: true } line)
        {
            int size = int.Parse(line.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            at += line.Length;
            if (size == 0)
                return Trailers().Match(responses, at) is { Success: true } end
                    ? at + end.Length
                    : CutOrWrong(responses, at);
            at += size;
            if (at + 2 > responses.Length)
                return responses.Length + 1;
            if (responses.AsSpan(at, 2) is not "\r\n")
                return -1;
            at += 2;
        }
        return CutOrWrong(responses, at);
    }

    // Bytes without a line end may be the beginning of a line.
    private static int CutOrWrong(string responses, int at) =>
        responses.IndexOf("\r\n\r\n", at, StringComparison.Ordinal) < 0 ? responses.Length + 1 : -1;

    private static bool IsCutShort(string rest) =>
        !rest.Contains("\r\n\r\n", StringComparison.Ordinal)
        && (
            rest.StartsWith("HTTP/1.", StringComparison.Ordinal) || "HTTP/1.".StartsWith(rest, StringComparison.Ordinal)
        );

    private static int StatusOf(Match head) => int.Parse(head.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\GHTTP/1\.[01] ([1-5][0-9][0-9]) [^\r\n]*\r\n(?:[!-9;-~]+:[^\r\n]*\r\n)*\r\n")]
    private static partial Regex Head();

    [GeneratedRegex(@"\r\nTransfer-Encoding: chunked\r\n")]
    private static partial Regex Chunked();

    [GeneratedRegex(@"\r\nContent-Length: ([0-9]{1,9})\r\n")]
    private static partial Regex Length();

    [GeneratedRegex(@"\G([0-9A-Fa-f]{1,7})\r\n")]
    private static partial Regex Chunk();

    [GeneratedRegex(@"\G(?:[!-9;-~]+:[^\r\n]*\r\n)*\r\n")]
    private static partial Regex Trailers();
}
