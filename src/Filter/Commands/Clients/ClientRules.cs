using System.Text;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Clients;

/// <summary>Finds the lines that an <c>allow</c> list lacks for clients. Pure.</summary>
internal static class ClientRules
{
    /// <summary>Whether a line allows anything that a list does not.</summary>
    public static bool Helps(string line, IReadOnlyList<string> present)
    {
        if (line == Profiles.Browser)
            return !present.Contains(line);
        RuleSet rules = RuleSet.Compile(AllowList.Expand(present).Rules);
        return AllowList
            .Expand([line])
            .Rules.Any(rule =>
                rule.Methods.Any(method =>
                    !rules
                        .Match(Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(ClientAccess.Sample(rule.Path)))
                        .Allowed
                )
            );
    }

    /// <summary>The lines to add for clients, in their order. A line that the others make superfluous is left
    /// out.</summary>
    public static IReadOnlyList<string> Missing(IReadOnlyList<string> present, IEnumerable<Client> clients)
    {
        List<string> added = [];
        foreach (string line in clients.SelectMany(client => client.Allow))
            if (Helps(line, [.. present, .. added]))
                added.Add(line);
        foreach (string line in added.ToArray())
            if (!Helps(line, [.. present, .. added.Where(other => other != line)]))
                added.Remove(line);
        return added;
    }
}
