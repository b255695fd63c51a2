using System.Text.RegularExpressions;
using FastGate.Test.Bypass;

namespace FastGate.Test.Differential;

/// <summary>The requests of one stream that may arrive at Ollama, and those that must.</summary>
internal sealed partial class Expectation
{
    private const int HeadBytesSafe = 8000;
    private const int FieldsSafe = 90;

    private Expectation(
        IReadOnlyList<StrictMessage> messages,
        bool isClean,
        IReadOnlyList<StrictMessage> permitted,
        int requiredCount,
        bool tailIsRequired
    )
    {
        Methods = [.. messages.Select(message => message.Method)];
        ResponsesMax = Methods.Count + (isClean ? 0 : 1);
        Permitted = permitted;
        Required = [.. permitted.Take(requiredCount)];
        TailIsRequired = tailIsRequired;
    }

    /// <summary>Allowed requests that every parser reads the same way.</summary>
    public IReadOnlyList<StrictMessage> Permitted { get; }

    /// <summary>The methods of the requests up to the first fault, in order, allowed or not.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>At most one response per request, plus one for the first fault.</summary>
    public int ResponsesMax { get; }

    /// <summary>The permitted requests that must arrive.</summary>
    public IReadOnlyList<StrictMessage> Required { get; }

    /// <summary>Whether the stream is valid up to its last request.</summary>
    public bool TailIsRequired { get; }

    public static Expectation Of(string stream)
    {
        var reading = StrictReader.Read(stream);
        var permitted = new List<StrictMessage>();
        int required = 0;
        bool open = true;
        // Allowed except for its content: a fault, and the last request that is examined.
        int fault = reading.Messages.ToList().FindIndex(message => message.HasUnexpectedContent && IsAllowed(message));
        IReadOnlyList<StrictMessage> messages = fault < 0 ? reading.Messages : [.. reading.Messages.Take(fault)];
        bool isClean = reading.IsClean && fault < 0;
        foreach (var message in messages)
        {
            bool allowed = IsAllowed(message);
            if (allowed)
                permitted.Add(message);
            // A connection that ends without a byte may have been closed before: the gate retries once on a new one.
            if (allowed && message.Query.Contains("do=drop", StringComparison.Ordinal))
                permitted.Add(message);
            open = open && IsPlain(message) && message.IsWhole && (allowed || message.Content.Length == 0);
            if (open && allowed)
                required++;
            open = open && Stays(message);
        }
        bool tail =
            isClean
            && required == permitted.Count
            && messages.Count > 0
            && required > 0
            && ReferenceEquals(permitted[^1], messages[^1]);
        return new Expectation(messages, isClean, permitted, required, tail);
    }

    private static bool IsAllowed(StrictMessage message) =>
        TryDecode(message.Path) is { } path && SeedAllowlist.Allows(message.Method, path);

    /// <summary>Whether neither the gate nor Go has another reason to refuse it.</summary>
    private static bool IsPlain(StrictMessage message) =>
        PlainTarget().IsMatch(message.Target)
        && KeepsOpen(message.Query)
        && message.Fields["host"].ToArray() is ["localhost"]
        && message.Method.Length + message.Target.Length < 4000
        && message.Fields.Sum(field => field.Count()) < FieldsSafe
        && message.Fields.Sum(field => field.Sum(value => value.Length + field.Key.Length + 4)) < HeadBytesSafe
        && message.Fields["expect"].All(value => value == "100-continue");

    private static bool Stays(StrictMessage message)
    {
        string connection = string.Join(',', message.Fields["connection"]);
        // HTTP/1.0 stays open only if the response has a length.
        return message.Minor == 1
            ? !connection.Contains("close", StringComparison.OrdinalIgnoreCase)
            : connection == "keep-alive" && message.Path == "/api/version";
    }

    /// <summary>Whether the request does not make the Go program send a response that ends the connection.</summary>
    private static bool KeepsOpen(string query) =>
        query.Split("do=") is not [_, var response, ..]
        || RequestedResponses.KeepingOpen.Contains(response.Split('&')[0]);

    // The path as Go decodes it; null if Go would refuse it.
    private static string? TryDecode(string path)
    {
        if (BadEscape().IsMatch(path))
            return null;
        return Escape().Replace(path, escape => ((char)Convert.ToByte(escape.Value[1..], 16)).ToString());
    }

    [GeneratedRegex(@"\A(?:/|(?:/[A-Za-z0-9_][A-Za-z0-9_.:-]*)+)(?:\?[A-Za-z0-9=&._-]*)?\z")]
    private static partial Regex PlainTarget();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BadEscape();

    [GeneratedRegex("%[0-9A-Fa-f]{2}")]
    private static partial Regex Escape();
}
