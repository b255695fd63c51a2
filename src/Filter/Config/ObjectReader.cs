using FastGate.Proxy.Rules;

namespace FastGate.Config;

/// <summary>Takes the members of one JSON object by name. What was asked for is what is known; the rest is a
/// problem.</summary>
internal sealed class ObjectReader(JsonValue value, List<Problem> problems)
{
    private readonly List<string> _known = [];

    /// <summary>The value of a member, or null when it is not there. Of one that is there twice the first
    /// counts.</summary>
    public JsonValue? Take(string name)
    {
        _known.Add(name);
        return value.Members.FirstOrDefault(member => member.Name == name)?.Value;
    }

    /// <summary>Reports the members that nobody asked for, and those that are there twice.</summary>
    public void End()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonMember member in value.Members)
        {
            if (!_known.Contains(member.Name))
                problems.Add(new Problem(member.Place, Unknown(member.Name)));
            else if (!seen.Add(member.Name))
                problems.Add(new Problem(member.Place, Repeated(member.Name)));
        }
    }

    private string Unknown(string name) =>
        NearestName.Of(name, _known) is { } nearest
            ? $"no member is called \"{name}\": did you mean \"{nearest}\"?"
            : $"no member is called \"{name}\": remove it; the members here are {string.Join(", ", _known)}";

    private string Repeated(string name)
    {
        int first = value.Members.First(member => member.Name == name).Place.Line;
        return $"\"{name}\" is already said in line {first}: remove one of them";
    }
}
