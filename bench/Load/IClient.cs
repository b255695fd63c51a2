namespace FastGate.Bench.Load;

/// <summary>One who asks the same thing again and again, and keeps what it got until it has been checked.</summary>
internal interface IClient : IDisposable
{
    /// <summary>One request and its whole answer: this is what is timed.</summary>
    void Exchange();

    /// <summary>The last answer had the status and the content that it must have.</summary>
    bool IsRight();
}
