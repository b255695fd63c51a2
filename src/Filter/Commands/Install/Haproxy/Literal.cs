namespace FastGate.Commands.Install.Haproxy;

/// <summary>A named acl or what stands in braces, or its opposite.</summary>
/// <param name="IsNegated">With <c>!</c> before it.</param>
/// <param name="Name">The acl's name, or the words in the braces.</param>
/// <param name="Any">Of these one has to hold: an acl may have several lines.</param>
internal sealed record Literal(bool IsNegated, string Name, IReadOnlyList<Criterion> Any)
{
    public Literal Negated => this with { IsNegated = !IsNegated };

    public bool IsPath => !IsNegated && Any.All(criterion => criterion.IsPath);

    public bool IsMethod => !IsNegated && Any.All(criterion => criterion.IsMethod);

    public Truth Of(Probe probe)
    {
        Truth best = Truth.No;
        foreach (Criterion criterion in Any)
        {
            Truth one = criterion.Of(probe);
            if (one > best)
                best = one;
        }
        return IsNegated ? (Truth)(Truth.Yes - best) : best;
    }

    public override string ToString()
    {
        string name = Name.Replace(Words.Unknown, '$');
        return (IsNegated ? "!" : "")
            + (name.Contains(' ', StringComparison.Ordinal) ? $"{{ {ConfigLine.Show(name)} }}" : name);
    }
}
