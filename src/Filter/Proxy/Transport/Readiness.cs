namespace FastGate.Proxy.Transport;

/// <summary>One answer of a wait: the key under which a socket was added, and what it is ready for.</summary>
/// <param name="Key">The key given to <see cref="IReadiness.Add"/>.</param>
/// <param name="Ready">What will not block now: a read that would see bytes, an end or an error; a write.</param>
/// <param name="HungUp">Both directions have ended (reset, or closed on both sides); told whatever the interest
/// is.</param>
internal readonly record struct Readiness(long Key, Interest Ready, bool HungUp);
