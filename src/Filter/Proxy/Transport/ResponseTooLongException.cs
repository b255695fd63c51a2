namespace FastGate.Proxy.Transport;

/// <summary>A response has more than a caller is willing to take.</summary>
internal sealed class ResponseTooLongException() : IOException(BoundedHttp.TooLong);
