namespace FastGate.Proxy.Gate;

/// <summary>A listener's address cannot be bound; the message says why and what to do.</summary>
internal sealed class BindException(string message) : Exception(message);
