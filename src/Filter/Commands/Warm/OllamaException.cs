namespace FastGate.Commands.Warm;

/// <summary>Ollama did not do what it was asked, in a sentence for people; what strangers put into it is not fit for a
/// terminal yet.</summary>
internal sealed class OllamaException(string message, bool isAbsent = false, int status = 0) : Exception(message)
{
    /// <summary>Nobody answered, rather than saying no.</summary>
    public bool IsAbsent => isAbsent;

    /// <summary>Of the answer; 0 if there was none, or if it had begun well.</summary>
    public int Status => status;
}
