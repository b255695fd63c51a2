using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

/// <content>The field lines.</content>
internal sealed partial class ReferenceScanner
{
    private void TakeField(string name, string untrimmed)
    {
        // A trailing HTAB is part of a framing value.
        bool frames = name.ToLowerInvariant() is "content-length" or "transfer-encoding";
        string value = frames ? untrimmed.TrimEnd(' ') : untrimmed.TrimEnd(' ', '\t');
        bool repeated = _fields.ContainsKey(name);
        switch (name.ToLowerInvariant())
        {
            case "host":
                Demand(!repeated, HeadFault.HostRepeated);
                Demand(IsHost(value), HeadFault.HostMalformed);
                break;
            case "content-length":
                Demand(!repeated, HeadFault.ContentLengthRepeated);
                Demand(!_fields.ContainsKey("Transfer-Encoding"), HeadFault.TransferEncodingAndLength);
                Demand(Length().IsMatch(value), HeadFault.ContentLengthMalformed);
                break;
            case "transfer-encoding":
                Demand(_version == "HTTP/1.1", HeadFault.TransferEncodingInHttp10);
                Demand(!repeated, HeadFault.TransferEncodingRepeated);
                Demand(!_fields.ContainsKey("Content-Length"), HeadFault.TransferEncodingAndLength);
                JudgeCoding(value);
                break;
        }

        if (!repeated)
            _fields[name] = [];
        _fields[name].Add(value);
    }

    private static void JudgeCoding(string value)
    {
        if (Is(value, "chunked"))
            return;
        string[] codings = List(value);
        bool wellFormed = codings.All(coding => coding.Length > 0 && coding.All(IsToken));
        Demand(!(wellFormed && codings.Any(coding => !Is(coding, "chunked"))), HeadFault.TransferEncodingUnsupported);
        throw new Refused(HeadFault.TransferEncodingMalformed);
    }

    private static bool IsHost(string value)
    {
        Match match = HostAndPort().Match(value);
        string port = match.Groups["port"].Value;
        return match.Success
            && (port.Length == 0 || int.Parse(port, CultureInfo.InvariantCulture) <= 65535)
            && (match.Groups["ipv6"] is not { Success: true } ipv6 || IPAddress.TryParse(ipv6.Value, out _));
    }

    private string Describe(string target)
    {
        bool old = _version == "HTTP/1.0";
        string text = $"complete {Show(_method)} {Show(_path)}";
        if (target != _path)
            text += $" target={Show(target)}";
        if (_fields.TryGetValue("Host", out List<string>? host))
            text += $" host={Show(host[0])}";
        if (old)
            text += " 1.0";
        if (_fields.TryGetValue("Content-Length", out List<string>? length))
            text += $" length={long.Parse(length[0], CultureInfo.InvariantCulture)}";
        if (_fields.ContainsKey("Transfer-Encoding"))
            text += " chunked";
        if (Has("Connection", "close") || (old && !Has("Connection", "keep-alive")))
            text += " close";
        if (Has("Expect", "100-continue"))
            text += " expect";
        return $"{text} head={_at}";
    }

    private bool Has(string name, string element) =>
        _fields.TryGetValue(name, out List<string>? values) && values.SelectMany(List).Any(item => Is(item, element));

    private static string[] List(string value) => [.. value.Split(',').Select(item => item.Trim(' ', '\t'))];

    private static bool Is(string value, string other) => value.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string Show(string value) => value.Length > 128 ? $"{value[..8]}…({value.Length})" : value;

    [GeneratedRegex(@"\A[0-9]{1,18}\z")]
    private static partial Regex Length();

    [GeneratedRegex(@"\A([A-Za-z0-9._-]+|\[(?<ipv6>[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*)\])(:(?<port>[0-9]{1,5}))?\z")]
    private static partial Regex HostAndPort();
}
