namespace FastGate.Commands.Install;

/// <summary>How a check ended.</summary>
internal enum CheckOutcome
{
    Pass,
    Fail,

    /// <summary>It could not be asked, which is no fault of the installation.</summary>
    Skip,
}
