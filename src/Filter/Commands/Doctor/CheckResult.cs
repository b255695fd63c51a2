namespace FastGate.Commands.Doctor;

/// <summary>What a check came to.</summary>
/// <param name="Outcome">Good, bad, or not to be asked here.</param>
/// <param name="Message">One sentence for the owner.</param>
internal sealed record CheckResult(CheckOutcome Outcome, string Message)
{
    /// <summary>A command that can be pasted as it is; every bad finding has one.</summary>
    public string? Cure { get; init; }

    public IReadOnlyList<Fact> Facts { get; init; } = [];

    public static CheckResult Pass(string says, params Fact[] facts) => new(CheckOutcome.Pass, says) { Facts = facts };

    public static CheckResult Fail(string says, string cure, params Fact[] facts) =>
        new(CheckOutcome.Fail, says) { Cure = cure, Facts = facts };

    public static CheckResult Skip(string says, string? cure = null) => new(CheckOutcome.Skip, says) { Cure = cure };
}

/// <summary>How a check ended.</summary>
internal enum CheckOutcome
{
    Pass,
    Fail,

    /// <summary>It could not be asked, which is no fault of the installation.</summary>
    Skip,
}
