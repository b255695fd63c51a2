using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FastGate.Commands.Warm;

/// <summary>How long Ollama keeps a model in memory after a request: a Go duration or a number of seconds; negative
/// means no limit.</summary>
internal sealed record KeepAlive
{
    // Not source-generated: the generated type's name depends on the build folder, so the same source would give a
    // different program, and install would replace the installed one.
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
        // Ollama accepts seconds as a number and a duration with units as a string.
        if (long.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds))
            json.WriteNumber("keep_alive", seconds);
        else
            json.WriteString("keep_alive", _text);
    }
}
