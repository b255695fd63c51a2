namespace FastGate.Commands.Doctor;

/// <summary>Who answers behind a door.</summary>
internal enum Responder
{
    Nobody,
    FastGate,
    Ollama,
    Other,
}
