namespace FastGate.Commands.Shared;

/// <summary>What the program ends with, as <c>grep</c> and <c>test</c> do, so that scripts can ask it.</summary>
internal static class ExitCodes
{
    public const int Yes = 0;

    public const int No = 1;

    /// <summary>Bad flags, a bad config, a port in use: there is no answer.</summary>
    public const int CouldNot = 2;
}
