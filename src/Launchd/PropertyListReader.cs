using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace FastGate.Launchd;

/// <summary>Reads a property list as leniently as launchd does: with a byte order mark, blanks or comments before
/// <c>&lt;?xml</c>, any DOCTYPE or none, and anything after the last element. Fetches nothing, and declares and expands
/// no entities.</summary>
internal static class PropertyListReader
{
    // Not source-generated: the generated type name contains the build folder, so the same source would give a
    // different program.
    private static readonly Regex DeclaredEncoding = new(
        "<\\?xml\\s[^>]*?encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']",
        RegexOptions.CultureInvariant
    );

    private const int BytesMax = 1024 * 1024;

    // Property lists of agents are three levels deep. Without a limit, a file could exhaust the stack of code that
    // walks the tree.
    private const int DepthMax = 64;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    /// <returns>The element <c>plist</c>, or an equivalent one.</returns>
    /// <exception cref="FormatException">The bytes are not a property list; the message is a sentence about
    /// "it".</exception>
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
            using (XmlReader first = XmlReader.Create(new StringReader(text), Settings))
                CheckDepth(first);
            using XmlReader reader = XmlReader.Create(new StringReader(text), Settings);
            reader.MoveToContent();
            // Anything after the element is ignored.
            using XmlReader element = reader.ReadSubtree();
            XElement root = XElement.Load(element);
            // Apple's reader accepts a list without its outermost element.
            return root.Name == "dict" ? new XElement("plist", new XAttribute("version", "1.0"), root) : root;
        }
        catch (XmlException exception)
        {
            // Users edit these files by hand, so the message says where the error is.
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

    // XML 1.0 appendix F: by the byte order mark, by the first "<", then by the declaration.
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
            // A UTF-16 text would contain zero bytes, so the declaration is wrong.
            if (name.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase))
                name = "utf-8";
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"its encoding {name} is unknown", exception);
        }
    }

    /// <summary>The offset of the first element; the end of the text if there is none.</summary>
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

    // A ">" inside quotes, or inside the bracketed declarations, does not end it.
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
