namespace FastGate.Commands.Doctor;

/// <summary>One thing that a check asked, and what it heard: a request, or a command of the system.</summary>
/// <param name="Asked">The request with its address, or the command line.</param>
/// <param name="Heard">The answer, cut to what a person reads.</param>
/// <param name="Took">From the first byte sent to the last received.</param>
internal sealed record ExchangeNote(string Asked, string Heard, TimeSpan Took);
