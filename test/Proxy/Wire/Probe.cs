using System.Globalization;
using System.Text;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

/// <summary>Runs a scanner on its input piece by piece and describes the result in one line.</summary>
internal static class Probe
{
    public const string Partial = "partial";

    /// <param name="stops">How many bytes have arrived at each call, in ascending order.</param>
    /// <returns>The first result that is not <c>partial</c>, and the number of bytes at which it was given.</returns>
    public static (string Result, int Bytes) Run(string kind, ReadOnlySpan<byte> input, IEnumerable<int> stops) =>
        kind switch
        {
            "request" => RunRequest(input, stops),
            "response" => RunResponse(input, stops),
            "request-content" => RunContent(ContentScanner.For(new RequestHead { Chunked = true }), input, stops),
            "response-content" => RunContent(
                ContentScanner.For(new ResponseHead { Chunked = true, Status = 200 }, false),
                input,
                stops
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    private static (string, int) RunRequest(ReadOnlySpan<byte> input, IEnumerable<int> stops)
    {
        RequestHead head = default;
        foreach (int stop in stops)
        {
            ScanResult result = RequestHeadScanner.Scan(input[..stop], ref head);
            Assert.AreEqual(
                result,
                RequestHeadScanner.Scan(input[..stop], ref head),
                "a repeated scan has another result"
            );
            if (result == ScanResult.Complete)
                return (Describe(head, input), stop);
            if (result == ScanResult.Invalid)
                return ($"invalid {head.Fault} {HeadFaultTexts.Of(head.Fault).Status}", stop);
        }

        return (Partial, input.Length);
    }

    private static string Describe(in RequestHead head, ReadOnlySpan<byte> input)
    {
        var text = new StringBuilder("complete ");
        text.Append(Show(head.Method(input))).Append(' ').Append(Show(head.Path(input)));
        if (head.TargetLength != head.PathLength)
            text.Append(" target=").Append(Show(input.Slice(head.PathStart, head.TargetLength)));
        if (head.HostLength >= 0)
            text.Append(" host=").Append(Show(head.Host(input)));
        AppendFraming(text, head.MinorVersion, head.ContentLength, head.Chunked, head.EndsConnection);
        if (head.ExpectContinue)
            text.Append(" expect");
        return text.Append(CultureInfo.InvariantCulture, $" head={head.HeadLength}").ToString();
    }

    private static (string, int) RunResponse(ReadOnlySpan<byte> input, IEnumerable<int> stops)
    {
        ResponseHead head = default;
        foreach (int stop in stops)
        {
            ScanResult result = ResponseHeadScanner.Scan(input[..stop], ref head);
            if (result == ScanResult.Complete)
                return (Describe(head), stop);
            if (result == ScanResult.Invalid)
                return ($"invalid {head.Fault} {ResponseFaultTexts.Of(head.Fault).Status}", stop);
        }

        return (Partial, input.Length);
    }

    private static string Describe(in ResponseHead head)
    {
        Assert.IsTrue(head.StatusLineDone);
        var text = new StringBuilder("complete ").Append(head.Status);
        AppendFraming(text, head.MinorVersion, head.ContentLength, head.Chunked, head.EndsConnection);
        return text.Append(CultureInfo.InvariantCulture, $" head={head.HeadLength}").ToString();
    }

    private static void AppendFraming(
        StringBuilder text,
        int minorVersion,
        long contentLength,
        bool chunked,
        bool close
    )
    {
        if (minorVersion == 0)
            text.Append(" 1.0");
        if (contentLength >= 0)
            text.Append(CultureInfo.InvariantCulture, $" length={contentLength}");
        if (chunked)
            text.Append(" chunked");
        if (close)
            text.Append(" close");
    }

    private static (string, int) RunContent(ContentScanner scanner, ReadOnlySpan<byte> input, IEnumerable<int> stops)
    {
        int taken = 0;
        foreach (int stop in stops)
        {
            ScanResult result = scanner.Take(input[taken..stop], out int now);
            taken += now;
            Assert.AreEqual(result == ScanResult.Complete, scanner.Done);
            if (result == ScanResult.Complete)
                return ($"complete taken={taken}", stop);
            if (result == ScanResult.Invalid)
                return ($"invalid {scanner.Fault} taken={taken}", stop);
            Assert.AreEqual(stop, taken, "a partial result must take all bytes");
        }

        return (Partial, input.Length);
    }

    private static string Show(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        return text.Length > 128 ? $"{text[..8]}…({text.Length})" : text;
    }
}
