namespace FastGate.Commands.Demo;

/// <summary>What the stand-in's model says, in the pieces in which it says it. Nothing in it needs escaping in
/// JSON.</summary>
internal static class Tokens
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Each",
        " tok",
        "en",
        " is",
        " sh",
        "own",
        " the",
        " mom",
        "ent",
        " it",
        " comes",
        ",",
        " none",
        " is",
        " held",
        " back",
        ".",
    ];

    public static string Text { get; } = string.Concat(All);
}
