namespace FastGate.Host;

/// <summary>Makes the program that is installed.</summary>
internal interface IPublisher
{
    /// <summary>What it does, as a command line or a sentence.</summary>
    string Line { get; }

    /// <summary>Makes the program in a folder that is empty; takes half a minute from source.</summary>
    Task<Published> PublishAsync(string folder);
}

/// <summary>A program that was made to be installed.</summary>
/// <param name="Path">The file; null when there is a problem.</param>
/// <param name="NeedsDotnet">It does not bring .NET with it.</param>
/// <param name="Problem">Why there is none.</param>
internal sealed record Published(string? Path, bool NeedsDotnet = false, string? Problem = null);
