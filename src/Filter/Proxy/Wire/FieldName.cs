namespace FastGate.Proxy.Wire;

/// <summary>The few field names that the gate looks at.</summary>
internal enum FieldName
{
    Other,
    Host,
    Expect,
    Connection,
    ContentLength,
    TransferEncoding,
}
