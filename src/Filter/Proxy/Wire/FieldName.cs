using System.Runtime.InteropServices;

namespace FastGate.Proxy.Wire;

/// <summary>The field names that matter to the gate.</summary>
internal enum FieldName
{
    Other,
    Host,
    Expect,
    Connection,
    ContentLength,
    TransferEncoding,
}

/// <summary>Recognizes field names, in any case.</summary>
internal static class FieldNames
{
    /// <summary>The first letter of the name that matters, by name length.</summary>
    private static ReadOnlySpan<byte> FirstLetters => "\0\0\0\0h\0e\0\0\0c\0\0\0c\0\0t"u8;

    /// <summary>Rules out nearly all names that do not matter, by length and first letter.</summary>
    public static bool MayMatter(int nameLength, byte first) =>
        (uint)nameLength < (uint)FirstLetters.Length && FirstLetters[nameLength] == (first | 0x20);

    /// <param name="name">A token.</param>
    public static FieldName Of(ReadOnlySpan<byte> name) =>
        name.Length switch
        {
            4 when Is4(name, "host"u8) => FieldName.Host,
            6 when Is4(name, "expe"u8) && Is4(name[2..], "pect"u8) => FieldName.Expect,
            10 when Is8(name, "connecti"u8) && Is8(name[2..], "nnection"u8) => FieldName.Connection,
            14 when Is8(name, "content-"u8) && Is8(name[6..], "t-length"u8) => FieldName.ContentLength,
            17 when Is8(name, "transfer"u8) && Is8(name[8..], "-encodin"u8) && Is8(name[9..], "encoding"u8) =>
                FieldName.TransferEncoding,
            _ => FieldName.Other,
        };

    // Setting bit 0x20 makes letters lower-case. It also turns CR into a hyphen, but no token contains CR.
    private static bool Is4(ReadOnlySpan<byte> name, ReadOnlySpan<byte> small) =>
        (MemoryMarshal.Read<uint>(name) | 0x20202020) == MemoryMarshal.Read<uint>(small);

    private static bool Is8(ReadOnlySpan<byte> name, ReadOnlySpan<byte> small) =>
        (MemoryMarshal.Read<ulong>(name) | 0x2020202020202020) == MemoryMarshal.Read<ulong>(small);
}
