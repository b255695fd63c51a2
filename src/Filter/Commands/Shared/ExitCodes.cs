namespace FastGate.Commands.Shared;

/// <summary>Exit codes, with the meaning that <c>grep</c> and <c>test</c> give them.</summary>
internal static class ExitCodes
{
    public const int Yes = 0;

    public const int No = 1;

    /// <summary>The verb could not run: invalid flags, invalid config, port in use.</summary>
    public const int CouldNot = 2;
}
