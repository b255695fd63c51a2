namespace FastGate.Test.Httplib;

/// <summary>
/// A version of cpp-httplib, the HTTP server in llama.cpp. Both continue to read after a head that they refuse.
/// </summary>
public enum HttplibVersion
{
    /// <summary>
    /// 0.11.2, in which an early response leaves the content on the connection, as does every method except POST, PUT,
    /// PATCH and DELETE.
    /// </summary>
    V011,

    /// <summary>0.53.1, which reads or drains the content of every request whose head it accepts.</summary>
    V053,
}
