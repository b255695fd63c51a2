using FastGate.Commands.Doctor;

namespace FastGate.Commands.Install;

/// <summary>One check of an installation.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">What was found and, if it is bad, what to do.</param>
internal readonly record struct VerificationReport(CheckOutcome Outcome, string Message);
