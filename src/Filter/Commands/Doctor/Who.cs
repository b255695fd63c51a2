namespace FastGate.Commands.Doctor;

/// <summary>Who answers behind a door.</summary>
internal enum Who
{
    Nobody,
    FastGate,
    Ollama,
    Other,
}
