using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace FastGate.Launchd;

/// <summary>
/// Reads a property list as leniently as launchd does: with a byte order mark, blanks or comments before
/// <c>&lt;?xml</c>, any DOCTYPE or none, and anything behind the last element. Nothing is fetched, and no entity is
/// declared or expanded.
/// </summary>
internal static class PropertyListReader
{
    // Not generated: the name of generated code has the build's folder in it, and the same source gave another program.
    private static readonly Regex DeclaredEncoding = new(
        "<\\?xml\\s[^>]*?encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']",
        RegexOptions.CultureInvariant
    );

    private const int BytesMax = 1024 * 1024;

    // Property lists of agents are three levels deep. Without a limit a file could exhaust the stack of whoever walks
    // it.
    private const int DepthMax = 64;

    private static readonly XmlReaderSettings Careful = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    /// <returns>The element <c>plist</c>, or one that stands for it.</returns>
    /// <exception cref="FormatException">It is no property list; the message is a sentence about "it".</exception>
    public static XElement Read(byte[] bytes)
    {
        if (bytes.Length > BytesMax)
            throw new FormatException($"it is larger than {BytesMax / 1024} KiB");
        if (bytes.AsSpan().StartsWith("bplist"u8))
            return BinaryPropertyList.Read(bytes);
        string text = Decode(bytes);
        text = text[EndOfProlog(text)..];
        try
        {
            using (XmlReader first = XmlReader.Create(new StringReader(text), Careful))
                CheckDepth(first);
            using XmlReader reader = XmlReader.Create(new StringReader(text), Careful);
            reader.MoveToContent();
            // What follows the element is not looked at.
            using XmlReader element = reader.ReadSubtree();
            XElement root = XElement.Load(element);
            // Apple's reader takes a list without its outermost element.
            return root.Name == "dict" ? new XElement("plist", new XAttribute("version", "1.0"), root) : root;
        }
        catch (XmlException exception)
        {
            // Owners edit these by hand.
            throw new FormatException($"it is not XML: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static void CheckDepth(XmlReader reader)
    {
        while (reader.Read())
        {
            if (reader.Depth > DepthMax)
                throw new FormatException("it is nested too deeply");
            if (reader is { Depth: 0, NodeType: XmlNodeType.EndElement } or { Depth: 0, IsEmptyElement: true })
                return;
        }
    }

    // XML 1.0 appendix F: by the mark, by the first "<", and then as the declaration says.
    private static string Decode(byte[] bytes)
    {
        Encoding strict = bytes switch
        {
            [0xFF, 0xFE, ..] or [(byte)'<', 0, ..] => new UnicodeEncoding(
                bigEndian: false,
                byteOrderMark: true,
                throwOnInvalidBytes: true
            ),
            [0xFE, 0xFF, ..] or [0, (byte)'<', ..] => new UnicodeEncoding(
                bigEndian: true,
                byteOrderMark: true,
                throwOnInvalidBytes: true
            ),
            [0xEF, 0xBB, 0xBF, ..] => new UTF8Encoding(
                encoderShouldEmitUTF8Identifier: true,
                throwOnInvalidBytes: true
            ),
            _ => Declared(bytes),
        };
        try
        {
            return strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new FormatException($"it is not {strict.WebName}: byte {exception.Index} is invalid", exception);
        }
    }

    private static Encoding Declared(byte[] bytes)
    {
        Match match = DeclaredEncoding.Match(Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, 4096)));
        string name = match.Success ? match.Groups[1].Value : "utf-8";
        try
        {
            // In these there would be zero bytes, so whatever wrote it was wrong.
            if (name.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase))
                name = "utf-8";
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"its encoding {name} is unknown", exception);
        }
    }

    /// <summary>Where the first element begins; the end of the text if there is none.</summary>
    private static int EndOfProlog(string text)
    {
        int at = 0;
        while (true)
        {
            while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == '\uFEFF'))
                at++;
            ReadOnlySpan<char> rest = text.AsSpan(at);
            int length =
                rest.StartsWith("<!--") ? EndOf(rest, 4, "-->")
                : rest.StartsWith("<?") ? EndOf(rest, 2, "?>")
                : rest.StartsWith("<!") ? EndOfDoctype(rest)
                : 0;
            if (length == 0)
                return at;
            at += length;
        }
    }

    private static int EndOf(ReadOnlySpan<char> text, int from, string end) =>
        text[from..].IndexOf(end) is var at and >= 0 ? from + at + end.Length : 0;

    // A ">" inside quotes, or among the declarations in brackets, does not end it.
    private static int EndOfDoctype(ReadOnlySpan<char> text)
    {
        char quote = '\0';
        int depth = 0;
        for (int n = 2; n < text.Length; n++)
        {
            char letter = text[n];
            if (quote != '\0')
                quote = letter == quote ? '\0' : quote;
            else if (letter is '"' or '\'')
                quote = letter;
            else if (letter == '[')
                depth++;
            else if (letter == ']')
                depth--;
            else if (letter == '>' && depth <= 0)
                return n + 1;
        }
        return 0;
    }
}
