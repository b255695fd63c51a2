using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FastGate.Commands.Shared;

/// <summary>Model names in Ollama's own form: with a tag, and without the default registry and library.</summary>
internal static class ModelName
{
    private const string DefaultTag = ":latest";
    private const string DefaultRegistry = "registry.ollama.ai/";
    private const string DefaultLibrary = "library/";

    // Ollama's types/model: a host has up to 350 characters, each other part up to 80.
    private const int LengthMax = 350 + (3 * 80) + 3;

    private static readonly SearchValues<char> PartCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    );

    /// <summary>Parses a name. The problem, without the name itself, says what to write instead.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out string? name,
        [NotNullWhen(false)] out string? problem
    )
    {
        name = IsName(text) ? WithoutDefaults(text) + (HasTag(text) ? "" : DefaultTag) : null;
        problem = name is null
            ? "is not a model name: write one such as qwen3, qwen3:8b or hf.co/user/model:Q4_K_M"
            : null;
        return name is not null;
    }

    /// <summary>Compares names from <see cref="TryParse"/> as Ollama does, ignoring case.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    private static bool HasTag(string text) => text.LastIndexOf(':') > text.LastIndexOf('/');

    // [host[:port]/][namespace/]model[:tag]; each part starts with a letter, a digit or an underscore.
    private static bool IsName(string text)
    {
        if (text.Length > LengthMax)
            return false;
        string[] parts = text.Split('/');
        if (parts.Length > 3)
            return false;
        for (int n = 0; n < parts.Length; n++)
        {
            bool mayHaveColon = n == parts.Length - 1 || (n == 0 && parts.Length == 3);
            string[] halves = parts[n].Split(':');
            if (halves.Length > (mayHaveColon ? 2 : 1) || !halves.All(IsPart))
                return false;
        }
        return true;
    }

    private static bool IsPart(string part) =>
        part.Length > 0
        && (char.IsAsciiLetterOrDigit(part[0]) || part[0] == '_')
        && !part.AsSpan().ContainsAnyExcept(PartCharacters);

    private static string WithoutDefaults(string text)
    {
        if (text.StartsWith(DefaultRegistry, StringComparison.OrdinalIgnoreCase))
            text = text[DefaultRegistry.Length..];
        return text.StartsWith(DefaultLibrary, StringComparison.OrdinalIgnoreCase) && text.Count(c => c == '/') == 1
            ? text[DefaultLibrary.Length..]
            : text;
    }
}

/// <summary>A model that Ollama has installed.</summary>
/// <param name="Name">As <see cref="ModelName"/> writes it.</param>
/// <param name="Bytes">Size on disk.</param>
internal sealed record InstalledModel(string Name, long Bytes);
