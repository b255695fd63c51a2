namespace FastGate.Commands.Doctor;

/// <summary>A moment of an examination: a check begins, or has ended.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Check">Which.</param>
/// <param name="Result">Null while it begins.</param>
internal readonly record struct CheckStep(int Number, int Count, DoctorCheck Check, CheckReport? Result);
