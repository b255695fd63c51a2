namespace FastGate.Test.Support;

/// <summary>How a client in a test reaches the upstream: without a gate, or through one on the named backend.</summary>
public enum Way
{
    Direct,
    Epoll,
    Kqueue,
    Portable,
}
