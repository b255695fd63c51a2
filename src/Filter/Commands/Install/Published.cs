namespace FastGate.Commands.Install;

/// <summary>A program that was made to be installed.</summary>
/// <param name="Path">The file; null when there is a problem.</param>
/// <param name="NeedsDotnet">It does not bring .NET with it.</param>
/// <param name="Problem">Why there is none.</param>
internal sealed record Published(string? Path, bool NeedsDotnet = false, string? Problem = null);
