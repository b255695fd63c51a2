using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FastGate.Commands.Warm;

/// <summary>How long Ollama keeps a model in memory after a request: a duration as in Go, or seconds; negative is for
/// ever.</summary>
internal sealed record KeepAlive
{
    // Not generated code: the name of what is generated has the build's folder in it, and the same source would come to
    // another program, which install puts in the place of the old one.
    private static readonly Regex Seconds = new(@"\A-?[0-9]{1,9}\z");
    private static readonly Regex Duration = new(@"\A-?([0-9]{1,9}(\.[0-9]{1,9})?(ms|s|m|h))+\z");

    private readonly string _text;

    private KeepAlive(string text) => _text = text;

    public static bool TryParse(string text, [NotNullWhen(true)] out KeepAlive? keepAlive)
    {
        keepAlive = Seconds.IsMatch(text) || Duration.IsMatch(text) ? new KeepAlive(text) : null;
        return keepAlive is not null;
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        // Ollama takes a number for seconds, and a text for a duration with units.
        if (long.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds))
            json.WriteNumber("keep_alive", seconds);
        else
            json.WriteString("keep_alive", _text);
    }
}
