namespace FastGate.Commands.Doctor;

/// <summary>The result of a check.</summary>
/// <param name="Outcome">Passed, failed or skipped.</param>
/// <param name="Message">One sentence for the user.</param>
internal sealed record CheckResult(CheckOutcome Outcome, string Message)
{
    /// <summary>A command to paste as it is; every failure has one.</summary>
    public string? Cure { get; init; }

    public IReadOnlyList<Fact> Facts { get; init; } = [];

    public static CheckResult Pass(string message, params Fact[] facts) =>
        new(CheckOutcome.Pass, message) { Facts = facts };

    public static CheckResult Fail(string message, string cure, params Fact[] facts) =>
        new(CheckOutcome.Fail, message) { Cure = cure, Facts = facts };

    public static CheckResult Skip(string message, string? cure = null) =>
        new(CheckOutcome.Skip, message) { Cure = cure };
}

/// <summary>How a check ended.</summary>
internal enum CheckOutcome
{
    Pass,
    Fail,

    /// <summary>The check could not run, which is not a fault of the installation.</summary>
    Skip,
}

/// <summary>A value that a check measured or read, for programs. Its name carries the unit.</summary>
/// <param name="Name">Such as <c>addedP50Ms</c>.</param>
/// <param name="Number">The value, if it is a number.</param>
/// <param name="Text">The value, if it is not.</param>
internal readonly record struct Fact(string Name, double? Number, string? Text)
{
    public static Fact Of(string name, double number) => new(name, number, null);

    public static Fact Of(string name, string text) => new(name, null, text);
}
