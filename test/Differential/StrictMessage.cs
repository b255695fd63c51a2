namespace FastGate.Test.Differential;

/// <summary>A request as the strictest parser reads it; all text is Latin-1.</summary>
/// <param name="Method">As sent.</param>
/// <param name="Target">As sent.</param>
/// <param name="Fields">Names in lower case, values without surrounding white space.</param>
/// <param name="Minor">0 or 1: the minor version.</param>
/// <param name="Content">Without framing, as far as it is present and valid.</param>
/// <param name="IsWhole">Whether the content is complete.</param>
internal sealed record StrictMessage(
    string Method,
    string Target,
    ILookup<string, string> Fields,
    int Minor,
    string Content,
    bool IsWhole
)
{
    /// <summary>Whether it has content with a method for which some servers expect none.</summary>
    public bool HasUnexpectedContent =>
        Method is not ("POST" or "PUT" or "PATCH" or "DELETE")
        && (
            Fields["transfer-encoding"].Any()
            || Fields["content-length"].Any(length => length.Any(digit => digit != '0'))
        );

    public string Path => Target.Split('?')[0];

    public string Query =>
        Target.Contains('?', StringComparison.Ordinal)
            ? Target[(Target.IndexOf('?', StringComparison.Ordinal) + 1)..]
            : "";
}
