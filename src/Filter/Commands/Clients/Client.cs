namespace FastGate.Commands.Clients;

/// <summary>A program that people point at Ollama: what it sends, the rules that it needs, and what to paste.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="Title">Its name for people.</param>
internal sealed record Client(string Id, string Title)
{
    /// <summary>The smallest <c>allow</c> under which everything in <see cref="Needs"/> and <see cref="Uses"/> is
    /// allowed.</summary>
    public required IReadOnlyList<string> Allow { get; init; }

    /// <summary>The requests without which it does not work, such as <c>POST /v1/messages</c>.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>Further requests that it sends. It works while they are refused.</summary>
    public IReadOnlyList<string> Uses { get; init; } = [];

    /// <summary>What the user misses while <see cref="Uses"/> is refused.</summary>
    public string? Without { get; init; }

    /// <summary>What to paste, the usual way first.</summary>
    public required IReadOnlyList<ClientSetting> Settings { get; init; }

    /// <summary>What else the user has to know.</summary>
    public string? Note { get; init; }
}

/// <summary>A text to paste into a client or a shell.</summary>
/// <param name="Language">Of the text, as the name of a fenced block: sh, toml, python, …</param>
/// <param name="Template">The text, with <see cref="Host"/> in place of the gate's name and port.</param>
internal sealed record ClientSetting(string Language, string Template)
{
    public const string Host = "HOST:11434";

    /// <summary>Where it belongs: a file, or a page of the client's settings; null for a shell or a program.</summary>
    public string? Place { get; init; }

    /// <summary>Where to paste the text.</summary>
    public string Label =>
        Place is not null
            ? $"In {Place}"
            : Language switch
            {
                "sh" => "In a shell",
                "python" => "Python",
                _ => "JavaScript",
            };

    /// <summary>Whether the user has to put a model's name into it.</summary>
    public bool NamesModel => Template.Contains("MODEL", StringComparison.Ordinal);

    /// <param name="authority">The gate's name or address, and its port.</param>
    public string Text(string authority) => Template.Replace(Host, authority, StringComparison.Ordinal);
}
