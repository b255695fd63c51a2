using FastGate.Proxy.Rules;

namespace FastGate.Config;

/// <summary>A member that is one of a few words.</summary>
internal static class ConfigWord
{
    /// <param name="said">Null when nothing is said.</param>
    /// <param name="usual">The default, also of what is not known.</param>
    /// <param name="words">All that may stand there.</param>
    /// <param name="problems">Where another word is added, with its cure.</param>
    public static string Read(Sourced<string>? said, string usual, IReadOnlyList<string> words, List<Problem> problems)
    {
        if (said is null)
            return usual;
        if (words.Contains(said.Value))
            return said.Value;
        string cure = NearestName.Of(said.Value, words) is { } nearest
            ? $"did you mean \"{nearest}\"?"
            : $"write {string.Join(" or ", words.Select(word => $"\"{word}\""))}";
        problems.Add(new Problem(said.Place, $"\"{said.Value}\" is not known here: {cure}"));
        return usual;
    }
}
