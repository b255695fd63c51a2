using System.Text;

namespace FastGate.Config;

/// <summary>Says for people what a JSON reader has found wrong.</summary>
internal static class JsonFaults
{
    /// <param name="message">The reader's own words, which end in a line number.</param>
    /// <param name="text">The whole text.</param>
    public static string Explain(string message, ReadOnlySpan<byte> text)
    {
        if (IsBlank(text))
            return "the file is empty: write {} for the defaults, or remove it";
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
            return "this is not JSON: it ends while a { or [ is open: add the } or ] that is missing";
        int numbers = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string words = (numbers < 0 ? message : message[..numbers]).TrimEnd('.');
        return $"this is not JSON: {words}";
    }

    private static bool IsBlank(ReadOnlySpan<byte> text) => string.IsNullOrWhiteSpace(Encoding.UTF8.GetString(text));
}
