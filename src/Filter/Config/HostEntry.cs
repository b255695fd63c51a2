namespace FastGate.Config;

/// <summary>One entry of <c>hosts</c>: a name, <c>*.</c> and a name, or <c>*</c>.</summary>
internal static class HostEntry
{
    /// <summary>Says what is wrong with an entry, and what to write; null when it is right.</summary>
    public static string? ProblemOf(string entry)
    {
        if (entry == "*")
            return null;
        if (entry.Contains("://", StringComparison.Ordinal))
            return $"\"{entry}\" is a URL: write only its host name";
        if (entry.Contains(':', StringComparison.Ordinal))
            return $"\"{entry}\" has a port: write only the "
                + $"name, {entry[..entry.IndexOf(':', StringComparison.Ordinal)]}";
        string name = entry.StartsWith("*.", StringComparison.Ordinal) ? entry[2..] : entry;
        if (name.Contains('*', StringComparison.Ordinal))
            return $"\"{entry}\" has a * in the middle: write *.example.com for every name below, or * for every name";
        if (name.Any(letter => letter > '~'))
            return $"\"{entry}\" is not ASCII: write the name as clients send it (xn--…)";
        return name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')
            ? null
            : $"\"{entry}\" is not a host name: write one such as ollama.example.com";
    }
}
