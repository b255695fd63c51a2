namespace FastGate.Commands.Install.Haproxy;

/// <summary>What stands behind <c>if</c> or <c>unless</c>: terms of which one has to hold, each of literals that all
/// have to.</summary>
internal sealed class Condition
{
    private readonly bool _isNegated;

    private Condition(bool isNegated, IReadOnlyList<IReadOnlyList<Literal>> terms, string? problem) =>
        (_isNegated, Terms, Problem) = (isNegated, terms, problem);

    /// <summary>It always holds.</summary>
    public static Condition None { get; } =
        new(
            false,
            [
                [],
            ],
            null
        );

    /// <summary>Each a way to fulfil it; those of <c>unless</c> are turned round.</summary>
    public IReadOnlyList<IReadOnlyList<Literal>> Terms { get; }

    /// <summary>Why it cannot be read; it then depends on what is unknown.</summary>
    public string? Problem { get; }

    /// <summary>The condition at the end of a line, and the words before it.</summary>
    public static (IReadOnlyList<string> Before, Condition Condition) Split(
        IReadOnlyList<string> words,
        Acls acls,
        bool isUnsure
    )
    {
        int at = words.ToList().FindIndex(1, word => word is "if" or "unless");
        return at < 0
            ? (words, None)
            : ([.. words.Take(at)], Parse(words[at] == "unless", [.. words.Skip(at + 1)], acls, isUnsure));
    }

    public Truth Of(Probe probe)
    {
        if (Problem is not null)
            return Truth.Maybe;
        Truth best = Truth.No;
        foreach (IReadOnlyList<Literal> term in Terms)
        {
            Truth all = Truth.Yes;
            foreach (Literal literal in term)
            {
                Truth one = literal.Of(probe);
                if (one < all)
                    all = one;
            }
            if (all > best)
                best = all;
        }
        return _isNegated ? (Truth)(Truth.Yes - best) : best;
    }

    /// <summary>The ways to fulfil it, without "unless": not (a and b, or c) is (not a, not c) or (not b, not
    /// c).</summary>
    public IReadOnlyList<IReadOnlyList<Literal>> Ways()
    {
        if (!_isNegated)
            return Terms;
        IEnumerable<IReadOnlyList<Literal>> ways =
        [
            [],
        ];
        foreach (IReadOnlyList<Literal> term in Terms)
            ways =
            [
                .. ways.SelectMany(way => term.Select(literal => (IReadOnlyList<Literal>)[.. way, literal.Negated]))
                    .Take(64),
            ];
        return [.. ways];
    }

    private static Condition Parse(bool isNegated, IReadOnlyList<string> words, Acls acls, bool isUnsure)
    {
        List<IReadOnlyList<Literal>> terms = [];
        List<Literal> term = [];
        string? problem = null;
        bool negates = false;
        for (int at = 0; at < words.Count; at++)
        {
            string word = words[at];
            while (word.StartsWith('!'))
            {
                negates = !negates;
                word = word[1..];
            }
            if (word.Length == 0)
                continue;
            if (word is "||" || word.Equals("or", StringComparison.OrdinalIgnoreCase))
            {
                if (term.Count == 0)
                    problem ??= "an \"or\" without a left side";
                terms.Add(term);
                term = [];
                continue;
            }
            if (word == "{")
            {
                int end = words.ToList().IndexOf("}", at);
                if (end <= at + 1)
                {
                    problem ??= "a brace that is not closed, or empty";
                    break;
                }
                string[] inside = [.. words.Skip(at + 1).Take(end - at - 1)];
                term.Add(new Literal(negates, string.Join(' ', inside), [acls.Criterion(inside, isUnsure)]));
                at = end;
            }
            else
            {
                if (acls.Find(word) is not { } any)
                    problem ??= $"there is no acl {word}";
                else
                    term.Add(new Literal(negates, word, any));
            }
            negates = false;
        }
        if (term.Count == 0)
            problem ??= "it is empty";
        terms.Add(term);
        return new Condition(isNegated, terms, problem);
    }
}
