namespace FastGate.Transport;

/// <summary>What a <see cref="Loop"/> tells the owner of a watched socket. Called on the loop's thread only.</summary>
internal interface IReadyHandler
{
    /// <summary>A receive or an accept would not block: bytes, an end or an error wait to be seen.</summary>
    void OnReadable();

    /// <summary>A send would not block, or a connect has come to its end.</summary>
    void OnWritable();

    /// <summary>Both directions have ended; told before the others, and no more than once.</summary>
    void OnHungUp();
}
