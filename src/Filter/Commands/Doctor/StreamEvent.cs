namespace FastGate.Commands.Doctor;

/// <summary>One server-sent event.</summary>
/// <param name="Name">What its <c>event</c> line says; empty without one.</param>
/// <param name="Data">Its data.</param>
/// <param name="At">When its end arrived, from the moment the request was sent.</param>
internal readonly record struct StreamEvent(string Name, string Data, TimeSpan At);
