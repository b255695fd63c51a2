namespace FastGate.Commands.Install.Haproxy;

/// <summary>The condition after <c>if</c> or <c>unless</c>: terms of which one has to be true, each a list of literals
/// that all have to be true.</summary>
internal sealed class Condition
{
    private readonly bool _isNegated;

    private Condition(bool isNegated, IReadOnlyList<IReadOnlyList<Literal>> terms, string? problem) =>
        (_isNegated, Terms, Problem) = (isNegated, terms, problem);

    /// <summary>A condition that is always true.</summary>
    public static Condition None { get; } =
        new(
            false,
            [
                [],
            ],
            null
        );

    /// <summary>The terms as written; those of <c>unless</c> are not negated.</summary>
    public IReadOnlyList<IReadOnlyList<Literal>> Terms { get; }

    /// <summary>Why the condition cannot be read, in which case its value is unknown; null if it was read.</summary>
    public string? Problem { get; }

    /// <summary>Splits a line into the words before the condition and the condition.</summary>
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

    public Truth Of(SampleRequest request)
    {
        if (Problem is not null)
            return Truth.Maybe;
        Truth best = Truth.No;
        foreach (IReadOnlyList<Literal> term in Terms)
        {
            Truth all = Truth.Yes;
            foreach (Literal literal in term)
            {
                Truth truth = literal.Of(request);
                if (truth < all)
                    all = truth;
            }
            if (all > best)
                best = all;
        }
        return _isNegated ? (Truth)(Truth.Yes - best) : best;
    }

    /// <summary>The terms with <c>unless</c> resolved, of which one has to be true: not (a and b, or c) becomes (not a,
    /// not c) or (not b, not c).</summary>
    public IReadOnlyList<IReadOnlyList<Literal>> Alternatives()
    {
        if (!_isNegated)
            return Terms;
        IEnumerable<IReadOnlyList<Literal>> alternatives =
        [
            [],
        ];
        foreach (IReadOnlyList<Literal> term in Terms)
            alternatives =
            [
                .. alternatives
                    .SelectMany(literals =>
                        term.Select(literal => (IReadOnlyList<Literal>)[.. literals, literal.Negated])
                    )
                    .Take(64),
            ];
        return [.. alternatives];
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
                    problem ??= "\"or\" without a left side";
                terms.Add(term);
                term = [];
                continue;
            }
            if (word == "{")
            {
                int end = words.ToList().IndexOf("}", at);
                if (end <= at + 1)
                {
                    problem ??= "an unclosed or empty brace";
                    break;
                }
                string[] inside = [.. words.Skip(at + 1).Take(end - at - 1)];
                term.Add(new Literal(negates, string.Join(' ', inside), [acls.Criterion(inside, isUnsure)]));
                at = end;
            }
            else
            {
                if (acls.Find(word) is not { } any)
                    problem ??= $"unknown acl {word}";
                else
                    term.Add(new Literal(negates, word, any));
            }
            negates = false;
        }
        if (term.Count == 0)
            problem ??= "an empty condition";
        terms.Add(term);
        return new Condition(isNegated, terms, problem);
    }
}

/// <summary>Whether something is true of a request. The order matters: "and" is the minimum, "or" the
/// maximum.</summary>
internal enum Truth
{
    No,

    /// <summary>Depends on something unknown here: the client, a password, a header, a map.</summary>
    Maybe,

    Yes,
}

/// <summary>A named acl or an expression in braces, possibly negated.</summary>
/// <param name="IsNegated">Whether it is preceded by <c>!</c>.</param>
/// <param name="Name">The acl's name, or the words in the braces.</param>
/// <param name="Any">The criteria, of which one has to be true: an acl may have several lines.</param>
internal sealed record Literal(bool IsNegated, string Name, IReadOnlyList<Criterion> Any)
{
    public Literal Negated => this with { IsNegated = !IsNegated };

    public bool IsPath => !IsNegated && Any.All(criterion => criterion.IsPath);

    public bool IsMethod => !IsNegated && Any.All(criterion => criterion.IsMethod);

    public Truth Of(SampleRequest request)
    {
        Truth best = Truth.No;
        foreach (Criterion criterion in Any)
        {
            Truth truth = criterion.Of(request);
            if (truth > best)
                best = truth;
        }
        return IsNegated ? (Truth)(Truth.Yes - best) : best;
    }

    public override string ToString()
    {
        string name = Name.Replace(LineSplitter.Unknown, '$');
        return (IsNegated ? "!" : "")
            + (name.Contains(' ', StringComparison.Ordinal) ? $"{{ {ConfigLine.ToPrintable(name)} }}" : name);
    }
}

/// <summary>The named acls of a section. Lines of the same name are alternatives.</summary>
/// <param name="file">The text of a file of values; null if it cannot be read.</param>
internal sealed class Acls(Func<string, string?> file)
{
    /// <summary>HAProxy's predefined acls (its manual, 7.4).</summary>
    private static readonly Dictionary<string, string[]> Predefined = new()
    {
        ["TRUE"] = ["always_true"],
        ["FALSE"] = ["always_false"],
        ["HTTP"] = ["always_true"],
        ["HTTP_1.1"] = ["always_true"],
        ["HTTP_1.0"] = ["always_false"],
        ["HTTP_2.0"] = ["always_false"],
        ["WAIT_END"] = ["always_true"],
        ["HTTP_URL_SLASH"] = ["path_beg", "/"],
        ["HTTP_URL_ABS"] = ["always_false"],
        ["HTTP_URL_STAR"] = ["always_false"],
        ["LOCALHOST"] = ["src", "127.0.0.1/8"],
        ["METH_CONNECT"] = ["method", "CONNECT"],
        ["METH_DELETE"] = ["method", "DELETE"],
        // Includes HEAD, as documented.
        ["METH_GET"] = ["method", "GET", "HEAD"],
        ["METH_HEAD"] = ["method", "HEAD"],
        ["METH_OPTIONS"] = ["method", "OPTIONS"],
        ["METH_POST"] = ["method", "POST"],
        ["METH_PUT"] = ["method", "PUT"],
        ["METH_TRACE"] = ["method", "TRACE"],
        ["REQ_CONTENT"] = ["always_true"],
    };

    private readonly Dictionary<string, List<Criterion>> _named = [];

    /// <summary>The criteria of all acls.</summary>
    public IEnumerable<Criterion> All => _named.Values.SelectMany(criteria => criteria);

    public void Add(ConfigLine line)
    {
        string name = line.Words[1];
        if (!_named.TryGetValue(name, out List<Criterion>? lines))
            _named.Add(name, lines = []);
        lines.Add(Criterion([.. line.Words.Skip(2)], line.IsUnsure));
    }

    public Criterion Criterion(IReadOnlyList<string> words, bool isUnsure) =>
        FastGate.Commands.Install.Haproxy.Criterion.Parse(words, file, isUnsure);

    /// <summary>Null if the name is unknown.</summary>
    public IReadOnlyList<Criterion>? Find(string name) =>
        _named.TryGetValue(name, out List<Criterion>? lines) ? lines
        : Predefined.TryGetValue(name, out string[]? words) ? [Criterion(words, isUnsure: false)]
        : null;
}
