using System.Text;

namespace FastGate.Wire;

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

/// <summary>Recognises a field name, in any case.</summary>
internal static class FieldNames
{
    public static FieldName Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when Ascii.EqualsIgnoreCase(name, "Host"u8) => FieldName.Host,
        6 when Ascii.EqualsIgnoreCase(name, "Expect"u8) => FieldName.Expect,
        10 when Ascii.EqualsIgnoreCase(name, "Connection"u8) => FieldName.Connection,
        14 when Ascii.EqualsIgnoreCase(name, "Content-Length"u8) => FieldName.ContentLength,
        17 when Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8) => FieldName.TransferEncoding,
        _ => FieldName.Other,
    };
}
