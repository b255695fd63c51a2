using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>The allowlists that can take the place of HAProxy's rules. Pure.</summary>
internal static class RuleChoice
{
    /// <summary>One of them.</summary>
    /// <param name="Text">For people.</param>
    /// <param name="Allow">The lines of <c>allow</c>; none if nothing is to be opened, and so nothing to be
    /// installed.</param>
    public readonly record struct Option(string Text, IReadOnlyList<string> Allow);

    /// <summary>The safe one first.</summary>
    public static IReadOnlyList<Option> Of(Migration? migration)
    {
        if (migration is null)
            return [new Option(Profiles.Seed, [Profiles.Seed])];
        string[] usual = [Profiles.Seed, .. migration.Added];
        string added = migration.Added.Count > 0 ? $"{Profiles.Seed} and what is added above" : Profiles.Seed;
        List<Option> options = [];
        if (migration.Extra.Count == 0)
            options.Add(new Option(added, usual));
        else
        {
            options.Add(
                migration.Exact.Count > 0
                    ? new Option(
                        $"only what HAProxy lets through by name: {string.Join("; ", migration.Exact)}",
                        migration.Exact
                    )
                    : new Option("nothing: leave HAProxy as it is", [])
            );
            options.Add(new Option($"{added}, for everybody who can connect", usual));
        }
        if (migration.Left.Count > 0)
            options.Add(
                new Option(
                    $"{added}, and also what HAProxy lets through without naming "
                        + $"it: {string.Join("; ", migration.Left)}",
                    [.. usual, .. migration.Left]
                )
            );
        return options;
    }
}
