namespace FastGate.Proxy.Gate;

/// <summary>A point from which the rate of a request's content is measured.</summary>
/// <param name="At">A timestamp of the clock; 0 when nothing is measured.</param>
/// <param name="Bytes">What had come until then.</param>
internal readonly record struct ContentMark(long At, long Bytes);
