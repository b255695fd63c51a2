using System.Buffers;
using System.Text;

namespace FastGate.Proxy.Rules;

/// <summary>The cure for one known request.</summary>
/// <param name="kind">What kind of request it is.</param>
/// <param name="rule">The request, as a rule.</param>
/// <param name="sentence">What to do, as a clause without a period.</param>
/// <param name="name">The profile that allows the request, or the path prefix that it lacks.</param>
internal sealed class Cure(CureKind kind, Rule rule, string sentence, string? name = null)
{
    private readonly byte[] _sentence = Encoding.ASCII.GetBytes(sentence);
    private readonly byte[] _name = Encoding.ASCII.GetBytes(name ?? "");

    public CureKind Kind => kind;

    public Rule Rule => rule;

    public ReadOnlySpan<byte> Sentence => _sentence;

    /// <summary>The profile that allows the request, or the path prefix that it lacks; otherwise empty.</summary>
    public ReadOnlySpan<byte> Name => _name;
}

/// <summary>
/// Writes how to get a refused request through: a rule if one helps, otherwise what to change in the client. A proposed
/// rule is valid in <c>allow</c> and allows the request. Allocates nothing.
/// </summary>
internal static class Cures
{
    /// <summary>Room for every cure.</summary>
    public const int BytesMax = 1024;

    // Ollama's routes are much shorter.
    private const int DecodedBytesMax = 256;

    // The longest registered method is UPDATEREDIRECTREF.
    private const int MethodBytesMax = 17;

    // A longer request is not proposed as a rule.
    private const int RuleBytesMax = 128;

    // Bytes with another meaning in a rule or in JSON, and bytes that are not visible.
    private static readonly SearchValues<byte> NotInRules = SearchValues.Create([
        .. Enumerable
            .Range(0, 256)
            .Select(value => (byte)value)
            .Where(value => value is <= 0x20 or >= 0x7F || "%{}*\"\\"u8.Contains(value)),
    ]);

    /// <summary>Writes the cure as clauses without a period, and returns their length in bytes.</summary>
    /// <param name="to">At least <see cref="BytesMax"/> bytes.</param>
    /// <param name="rules">The rules that refuse the request.</param>
    /// <param name="method">The method as sent.</param>
    /// <param name="path">The path as sent, without the query; validated by Wire.</param>
    public static int Write(Span<byte> to, RuleSet rules, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        var writer = new CureWriter(to);
        // Ollama's router decodes the path, so another spelling of a route has the route's cure.
        Span<byte> buffer = stackalloc byte[DecodedBytesMax];
        ReadOnlySpan<byte> decoded = Decode(path, buffer);
        if (rules.Match(method, path).Kind == RouteMatchKind.MethodNotAllowed)
            WriteWrongMethod(ref writer, rules, method, path, decoded);
        else if (!decoded.SequenceEqual(path) && rules.Match(method, decoded).Allowed)
            WriteSpelling(ref writer, decoded);
        else
            WriteUnknownPath(ref writer, method, path, decoded);
        return writer.Length;
    }

    /// <summary>Returns the cure as text.</summary>
    public static string TextOf(RuleSet rules, string method, string path)
    {
        Span<byte> cure = stackalloc byte[BytesMax];
        int length = Write(cure, rules, Encoding.UTF8.GetBytes(method), Encoding.UTF8.GetBytes(path));
        return Encoding.UTF8.GetString(cure[..length]);
    }

    private static void WriteWrongMethod(
        ref CureWriter to,
        RuleSet rules,
        scoped ReadOnlySpan<byte> method,
        scoped ReadOnlySpan<byte> path,
        scoped ReadOnlySpan<byte> decoded
    )
    {
        to.Add("only "u8);
        WriteMethods(ref to, rules, path);
        to.Add(" allowed on this path"u8);
        if (method.SequenceEqual("OPTIONS"u8))
        {
            to.Next();
            to.Add("to allow browsers, add \"@browser\" to \"allow\" in fastgate.json"u8);
        }
        else if (KnownCures.Of(method, decoded) is { } known)
        {
            to.Next();
            to.Add(known.Sentence);
        }
        else
        {
            // A redirect (301, 302) turns a POST into a GET without content.
            if (method.SequenceEqual("GET"u8) && rules.Match("POST"u8, path).Allowed)
                to.Add("; if the client sent POST, a redirect turned it into GET: correct the client's base URL"u8);
            if (KnownCures.OfPath(decoded, out _) is null)
                WriteRule(ref to, "; to allow this too, add "u8, method, path);
        }
    }

    private static void WriteMethods(ref CureWriter to, RuleSet rules, scoped ReadOnlySpan<byte> path)
    {
        int from = 0;
        int count = 0;
        ReadOnlySpan<byte> next = rules.NextMethodOn(path, ref from);
        while (!next.IsEmpty)
        {
            ReadOnlySpan<byte> following = rules.NextMethodOn(path, ref from);
            if (count++ > 0)
                to.Add(following.IsEmpty ? " and "u8 : ", "u8);
            to.Add(next);
            next = following;
        }
        to.Add(count == 1 ? " is"u8 : " are"u8);
    }

    private static void WriteSpelling(ref CureWriter to, scoped ReadOnlySpan<byte> decoded)
    {
        to.Add("send the path without percent-encoding, as "u8);
        to.AddQuoted(decoded);
    }

    private static void WriteUnknownPath(
        ref CureWriter to,
        scoped ReadOnlySpan<byte> method,
        scoped ReadOnlySpan<byte> path,
        scoped ReadOnlySpan<byte> decoded
    )
    {
        Cure? known = KnownCures.Of(method, decoded);
        if (known is null && KnownCures.OfPath(decoded, out ReadOnlySpan<byte> other) is { } cure)
            WriteOtherMethod(ref to, method, other, cure);
        else if (known is not null)
            to.Add(known.Sentence);
        else if (!BaseUrlCure.TryWrite(ref to, decoded, path))
            WriteNoRoute(ref to, method, path);
        // A rule's literal segments match only their own spelling; a parameter matches any.
        bool canBeAllowed = known is { Kind: CureKind.Profile or CureKind.Route };
        if (canBeAllowed && !decoded.SequenceEqual(path) && KnownCures.Of(method, path) is null)
        {
            to.Next();
            WriteSpelling(ref to, decoded);
        }
    }

    private static void WriteOtherMethod(
        ref CureWriter to,
        scoped ReadOnlySpan<byte> method,
        scoped ReadOnlySpan<byte> other,
        Cure cure
    )
    {
        if (cure.Kind is CureKind.Versionless)
        {
            to.Add(cure.Sentence);
            return;
        }
        if (cure.Kind == CureKind.Profile && method.SequenceEqual("OPTIONS"u8))
        {
            // @browser allows a preflight only on paths that other rules of the list allow.
            to.Add("to allow browsers, add \""u8);
            to.Add(cure.Name);
            to.Add("\" and \"@browser\" to \"allow\" in fastgate.json"u8);
            return;
        }
        to.Add("this path accepts "u8);
        to.Add(other);
        to.Add(", not "u8);
        if (method.Length > MethodBytesMax)
            to.Add("this method"u8);
        else
            to.AddSent(method);
        to.Next();
        to.Add(cure.Sentence);
    }

    private static void WriteNoRoute(
        ref CureWriter to,
        scoped ReadOnlySpan<byte> method,
        scoped ReadOnlySpan<byte> path
    )
    {
        to.Add("Ollama has no such route: check the client's base URL"u8);
        WriteRule(ref to, "; if another upstream has it, add "u8, method, path);
    }

    // Only if "allow" accepts the request as written, and as this very path.
    private static void WriteRule(
        ref CureWriter to,
        scoped ReadOnlySpan<byte> before,
        scoped ReadOnlySpan<byte> method,
        scoped ReadOnlySpan<byte> path
    )
    {
        bool isPlain = !path.ContainsAny(NotInRules) && path.IndexOf("/:"u8) < 0;
        if (!isPlain || method.Length + path.Length > RuleBytesMax || path.Count((byte)'/') > PathParser.SegmentsMax)
            return;
        to.Add(before);
        to.Add("\""u8);
        to.Add(method);
        to.Add(" "u8);
        to.Add(path);
        to.Add("\" to \"allow\" in fastgate.json"u8);
    }

    private static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> path, Span<byte> decoded)
    {
        if (path.Length > decoded.Length || !path.Contains((byte)'%'))
            return path;
        int length = 0;
        var decoder = new PercentDecoder(path);
        while (decoder.TryRead())
            decoded[length++] = decoder.Current;
        return decoded[..length];
    }
}

/// <summary>The kinds of known requests.</summary>
internal enum CureKind
{
    /// <summary>A route that manages Ollama, so that no profile allows it.</summary>
    Management,

    /// <summary>A route that a profile allows.</summary>
    Profile,

    /// <summary>A route of Ollama that no profile allows, but a rule can.</summary>
    Route,

    /// <summary>A route of older releases of Ollama.</summary>
    Gone,

    /// <summary>A route of llama.cpp's server that Ollama does not have.</summary>
    Llama,

    /// <summary>A route without its /v1 or /api, which is missing from the client's base URL.</summary>
    Versionless,
}
