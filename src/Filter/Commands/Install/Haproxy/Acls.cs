namespace FastGate.Commands.Install.Haproxy;

/// <summary>The named tests of a section. Lines of one name are alternatives.</summary>
/// <param name="file">The text of a file of values; null if it cannot be read.</param>
internal sealed class Acls(Func<string, string?> file)
{
    /// <summary>Those that HAProxy brings (its manual, 7.4).</summary>
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
        // Also HEAD, as the manual says.
        ["METH_GET"] = ["method", "GET", "HEAD"],
        ["METH_HEAD"] = ["method", "HEAD"],
        ["METH_OPTIONS"] = ["method", "OPTIONS"],
        ["METH_POST"] = ["method", "POST"],
        ["METH_PUT"] = ["method", "PUT"],
        ["METH_TRACE"] = ["method", "TRACE"],
        ["REQ_CONTENT"] = ["always_true"],
    };

    private readonly Dictionary<string, List<Criterion>> _named = [];

    /// <summary>All tests that were named.</summary>
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

    /// <summary>Null if there is none of that name.</summary>
    public IReadOnlyList<Criterion>? Find(string name) =>
        _named.TryGetValue(name, out List<Criterion>? lines) ? lines
        : Predefined.TryGetValue(name, out string[]? words) ? [Criterion(words, isUnsure: false)]
        : null;
}
