namespace FastGate.Launchd;

/// <summary>What a program that was run came to.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>As shells say it: there is no such program.</summary>
    public const int NotFound = 127;

    /// <summary>As <c>timeout</c> says it: it was ended because it took too long.</summary>
    public const int TookTooLong = 124;

    /// <summary>It was ended because its output had no end.</summary>
    public const int WroteTooMuch = 125;

    public bool Succeeded => ExitCode == 0;

    /// <summary>Its own last words, in one line; failing that, its exit code.</summary>
    public string Description
    {
        get
        {
            string words = string.IsNullOrWhiteSpace(Error) ? Output : Error;
            string line = words.Trim().Split('\n')[^1].Trim();
            return line.Length > 0 ? line : $"exit code {ExitCode}";
        }
    }
}
