using System.Globalization;
using System.Text.RegularExpressions;

namespace FastGate.Test.Differential;

/// <summary>
/// A second implementation of the wire rules, with regular expressions and independent of the gate's code: finds the
/// requests in a stream up to the first byte that breaks a rule.
/// </summary>
internal static partial class StrictReader
{
    /// <summary>Reads the messages before the first fault; the last one may be incomplete.</summary>
    public static StrictReading Read(string stream)
    {
        var messages = new List<StrictMessage>();
        int at = 0;
        while (at < stream.Length)
        {
            var head = Head().Match(stream, at);
            if (!head.Success || Message(head, stream, out int end) is not { } message)
                return new StrictReading(messages, false);
            messages.Add(message);
            if (!message.IsWhole)
                return new StrictReading(messages, false);
            at = end;
        }
        return new StrictReading(messages, true);
    }

    private static StrictMessage? Message(Match head, string stream, out int end)
    {
        var fields = head.Groups["name"]
            .Captures.Zip(head.Groups["value"].Captures)
            .ToLookup(
                pair => pair.First.Value.ToLowerInvariant(),
                pair => Trimmed(pair.First.Value, pair.Second.Value)
            );
        int minor = head.Groups["minor"].Value[0] - '0';
        end = head.Index + head.Length;
        var message = new StrictMessage(
            head.Groups["method"].Value,
            head.Groups["target"].Value,
            fields,
            minor,
            "",
            true
        );

        // RFC 9112 §6.3, without anything that two parsers could read differently.
        string[] codings = [.. fields["transfer-encoding"]];
        string[] lengths = [.. fields["content-length"]];
        if (codings.Length > 1 || lengths.Length > 1 || codings.Length + lengths.Length > 1)
            return null;
        if (codings.Length == 1)
        {
            bool chunked = minor == 1 && codings[0].Equals("chunked", StringComparison.OrdinalIgnoreCase);
            return chunked ? Chunked(message, stream, ref end) : null;
        }
        if (lengths.Length == 0)
            return message;
        if (!Length().IsMatch(lengths[0]))
            return null;
        long length = long.Parse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture);
        int start = end;
        end = (int)Math.Min(start + length, stream.Length);
        return message with { Content = stream[start..end], IsWhole = end == start + length };
    }

    // HTAB after a framing value is white space to Go and a fault to Node.
    private static string Trimmed(string name, string value) =>
        name.ToLowerInvariant() is "content-length" or "transfer-encoding"
            ? value.TrimStart(' ', '\t').TrimEnd(' ')
            : value.Trim(' ', '\t');

    private static StrictMessage Chunked(StrictMessage message, string stream, ref int end)
    {
        var content = new System.Text.StringBuilder();
        while (ChunkSize().Match(stream, end) is { Success: true } line)
        {
            long size = long.Parse(line.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            int data = line.Index + line.Length;
            end = (int)Math.Min(data + size, stream.Length);
            content.Append(stream, data, end - data);
            if (string.CompareOrdinal(stream, end, "\r\n", 0, 2) != 0)
                break;
            end += 2;
            if (size == 0)
                return message with { Content = content.ToString() };
        }
        return message with { Content = content.ToString(), IsWhole = false };
    }

    [GeneratedRegex(
        """
            \G(?<method>[!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ ](?<target>/[\x21-\x7e]*)[ ]HTTP/1\.(?<minor>[01])\r\n
            (?:(?<name>[!#$%&'*+\-.^_`|~0-9A-Za-z]+):(?<value>[\t\x20-\x7e\x80-\xff]*)\r\n)*\r\n
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant
    )]
    private static partial Regex Head();

    [GeneratedRegex(@"\A[0-9]{1,18}\z")]
    private static partial Regex Length();

    [GeneratedRegex(@"\G([0-9A-Fa-f]{1,15})\r\n")]
    private static partial Regex ChunkSize();
}
