using System.Text.RegularExpressions;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

/// <summary>
/// A slow and simple second implementation of the wire rules, to compare the real scanner with. It reads one character
/// at a time; reading past the end throws <see cref="Ended"/>.
/// </summary>
internal sealed partial class ReferenceScanner(string text)
{
    private sealed class Ended : Exception;

    private sealed class Refused(HeadFault fault) : Exception
    {
        public HeadFault Fault => fault;
    }

    private int _at;
    private string _method = "",
        _path = "",
        _version = "";
    private readonly Dictionary<string, List<string>> _fields = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Scans a head; the result is described as by <see cref="Probe"/>.</summary>
    public static string Scan(string text)
    {
        try
        {
            return new ReferenceScanner(text).Read();
        }
        catch (Ended)
        {
            return text.Length >= 32768 ? "invalid HeadTooLarge 431" : Probe.Partial;
        }
        catch (Refused exception)
        {
            return $"invalid {exception.Fault} {HeadFaultTexts.Of(exception.Fault).Status}";
        }
    }

    private string Read()
    {
        ReadMethod();
        string target = ReadTarget();
        ReadVersion();
        ReadLineEnd(HeadFault.VersionMalformed);
        for (int count = 1; Peek() != '\r'; count++)
        {
            if (count > 100)
                throw new Refused(HeadFault.TooManyFields);
            ReadField();
        }

        ReadLineEnd(HeadFault.BareCarriageReturn);
        if (_version == "HTTP/1.1" && !_fields.ContainsKey("Host"))
            throw new Refused(HeadFault.HostMissing);
        return Describe(target);
    }

    private char Peek() => _at < text.Length && _at < 32768 ? text[_at] : throw new Ended();

    private static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || (c < 128 && "!#$%&'*+-.^_`|~".Contains(c));

    private static void Demand(bool good, HeadFault fault)
    {
        if (!good)
            throw new Refused(fault);
    }

    /// <summary>Reads the next character of the request line, which must not be its 8191st.</summary>
    private char PeekLine()
    {
        if (_at >= 8190)
            throw new Refused(HeadFault.RequestLineTooLong);
        if (_at < text.Length)
            return text[_at];
        throw new Ended();
    }

    private void ReadMethod()
    {
        Demand(PeekLine() != '\x16', HeadFault.ClientSpokeTls);
        if (PeekLine() == '\r')
            ReadProxySignature();
        Demand(!"\n\t ".Contains(PeekLine()), HeadFault.BlankBeforeRequest);
        while (IsToken(PeekLine()))
            _at++;
        Demand(PeekLine() == ' ' && _at > 0, HeadFault.MethodByte);
        _method = text[.._at++];
    }

    private void ReadProxySignature()
    {
        foreach (char expected in "\r\n\r\n\0")
        {
            Demand(PeekLine() == expected, HeadFault.BlankBeforeRequest);
            _at++;
        }

        throw new Refused(HeadFault.ProxyProtocol);
    }

    private string ReadTarget()
    {
        int start = _at;
        Demand(PeekLine() != ' ', HeadFault.ExtraSpace);
        Demand(_method != "PRI" || PeekLine() != '*', HeadFault.Http2Preface);
        Demand(_method != "PROXY" || PeekLine() is not ('T' or 'U'), HeadFault.ProxyProtocol);
        Demand(PeekLine() == '/', HeadFault.TargetForm);
        ReadTargetPart(" ?");
        _path = text[start.._at];
        JudgePath();
        if (PeekLine() == '?')
        {
            int query = _at;
            ReadTargetPart(" ");
            Demand(!BadEscape().IsMatch(text[query.._at]), HeadFault.QueryBadEscape);
        }

        return text[start.._at++];
    }

    private void ReadTargetPart(string ends)
    {
        for (; !ends.Contains(PeekLine()); _at++)
        {
            Demand(PeekLine() is not ('\r' or '\n'), HeadFault.VersionMissing);
            Demand(PeekLine() != '#', HeadFault.TargetFragment);
            Demand(PeekLine() != '\\', HeadFault.TargetBackslash);
            Demand(PeekLine() is > ' ' and < '\x7F', HeadFault.TargetByte);
        }
    }

    private void JudgePath()
    {
        if (_path == "/")
            return;
        foreach (string segment in _path[1..].Split('/'))
        {
            Demand(segment.Length > 0, HeadFault.TargetEmptySegment);
            string decoded = "";
            for (int i = 0; i < segment.Length; i++)
            {
                if (segment[i] != '%')
                    decoded += segment[i];
                else
                {
                    Demand(!BadEscape().IsMatch(segment[i..int.Min(i + 3, segment.Length)]), HeadFault.TargetBadEscape);
                    decoded += (char)Convert.ToByte(segment[(i + 1)..(i + 3)], 16);
                    i += 2;
                    Demand(decoded[^1] is not ('/' or '\\'), HeadFault.TargetEncodedSlash);
                    Demand(decoded[^1] is >= ' ' and < '\x7F', HeadFault.TargetEncodedByte);
                }

                Demand(!Escape().IsMatch(decoded), HeadFault.TargetDoubleEscape);
            }

            Demand(decoded is not ("." or ".."), HeadFault.TargetDotSegment);
        }
    }

    private void ReadVersion()
    {
        Demand(PeekLine() != ' ', HeadFault.ExtraSpace);
        foreach (char pattern in "HTTP/0.0")
        {
            Demand(pattern == '0' ? char.IsAsciiDigit(PeekLine()) : PeekLine() == pattern, HeadFault.VersionMalformed);
            _version += text[_at++];
        }

        Demand(_version is "HTTP/1.0" or "HTTP/1.1", HeadFault.VersionUnsupported);
    }

    private void ReadLineEnd(HeadFault other)
    {
        Demand(Peek() != '\n', HeadFault.BareLineFeed);
        Demand(Peek() == '\r', other);
        _at++;
        Demand(Peek() == '\n', HeadFault.BareCarriageReturn);
        _at++;
    }

    private void ReadField()
    {
        int start = _at;
        Demand(Peek() is not (' ' or '\t'), HeadFault.FieldFold);
        Demand(Peek() != ':', HeadFault.FieldNameEmpty);
        while (IsToken(Peek()))
            TakeOfLine(start);
        Demand(Peek() is not (' ' or '\t'), HeadFault.FieldNameSpace);
        Demand(Peek() != '\r', HeadFault.FieldColonMissing);
        Demand(Peek() != '\n', HeadFault.BareLineFeed);
        Demand(Peek() == ':', HeadFault.FieldNameByte);
        string name = text[start.._at];
        TakeOfLine(start);
        int value = _at;
        while (Peek() == '\t' || (Peek() >= ' ' && Peek() != '\x7F'))
            TakeOfLine(start);
        int end = _at;
        ReadLineEnd(HeadFault.FieldValueByte);
        TakeField(name, text[value..end].TrimStart(' ', '\t'));
    }

    /// <summary>Reads the next character of a field line, which must not be its 8191st.</summary>
    private void TakeOfLine(int start)
    {
        Demand(++_at - start <= 8190, HeadFault.FieldLineTooLong);
    }

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BadEscape();

    [GeneratedRegex("%[0-9A-Fa-f]{2}")]
    private static partial Regex Escape();
}
