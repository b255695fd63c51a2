using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace FastGate.Launchd;

/// <summary>Reads Apple's binary property lists ("bplist00", described in Apple's open-source CFBinaryPList.c) into the
/// elements of the equivalent XML. Checks every offset and count against the file's length, and rejects lists that
/// contain themselves.</summary>
internal sealed class BinaryPropertyList
{
    private const int TrailerLength = 32;
    private const int DepthMax = 64;

    // An object may be referenced many times, so a small file could expand to a huge list.
    private const int ElementsMax = 100_000;

    private readonly byte[] _bytes;
    private readonly int _offsetSize;
    private readonly int _referenceSize;
    private readonly long _count;
    private readonly long _table;
    private int _elements;

    private BinaryPropertyList(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < "bplist00".Length + TrailerLength)
            throw Malformed();
        int trailer = bytes.Length - TrailerLength;
        _offsetSize = bytes[trailer + 6];
        _referenceSize = bytes[trailer + 7];
        _count = (long)Unsigned(trailer + 8, 8);
        _table = (long)Unsigned(trailer + 24, 8);
        if (
            _offsetSize is < 1 or > 8
            || _referenceSize is < 1 or > 8
            || _count < 1
            || _table < 0
            || _table > trailer
            || _count > (trailer - _table) / _offsetSize
        )
            throw Malformed();
    }

    /// <exception cref="FormatException">The list is malformed.</exception>
    public static XElement Read(byte[] bytes)
    {
        BinaryPropertyList list = new(bytes);
        try
        {
            long top = (long)list.Unsigned(bytes.Length - TrailerLength + 16, 8);
            return new XElement("plist", new XAttribute("version", "1.0"), list.Element(top, 0));
        }
        catch (Exception exception) when (exception is XmlException or ArgumentOutOfRangeException)
        {
            // A character that XML cannot hold, or a date out of range.
            throw Malformed();
        }
    }

    private XElement Element(long index, int depth)
    {
        if (index < 0 || index >= _count || depth > DepthMax || ++_elements > ElementsMax)
            throw Malformed();
        long at = (long)Unsigned(_table + (index * _offsetSize), _offsetSize);
        int marker = (int)Unsigned(at, 1);
        int low = marker & 0xF;
        switch (marker >> 4)
        {
            case 0x0 when low is 8 or 9:
                return new XElement(low == 9 ? "true" : "false");
            case 0x1 when low <= 4:
                return new XElement("integer", Integer(at));
            case 0x2 when low is 2 or 3:
                return new XElement("real", Real(at + 1, 1 << low).ToString("R", CultureInfo.InvariantCulture));
            case 0x3 when low == 3:
                DateTime date = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(Real(at + 1, 8));
                return new XElement("date", date.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            case 0x8 when low < 8:
                return new XElement(
                    "dict",
                    new XElement("key", "CF$UID"),
                    new XElement("integer", Unsigned(at + 1, low + 1))
                );
        }
        (long size, long from) = Size(at, low);
        return (marker >> 4) switch
        {
            0x4 => new XElement("data", Convert.ToBase64String(Slice(from, size))),
            0x5 => new XElement("string", XmlConvert.VerifyXmlChars(Encoding.Latin1.GetString(Slice(from, size)))),
            0x6 => new XElement(
                "string",
                XmlConvert.VerifyXmlChars(Encoding.BigEndianUnicode.GetString(Slice(from, size, 2)))
            ),
            0xA => new XElement("array", Items(from, size, depth)),
            0xD => new XElement("dict", Members(from, size, depth)),
            _ => throw Malformed(),
        };
    }

    private IEnumerable<XElement> Items(long from, long size, int depth)
    {
        CheckReferences(from, size);
        for (long n = 0; n < size; n++)
            yield return Element(Reference(from, n), depth + 1);
    }

    // All keys come first, then all values.
    private IEnumerable<XElement> Members(long from, long size, int depth)
    {
        CheckReferences(from, 2 * size);
        for (long n = 0; n < size; n++)
        {
            XElement key = Element(Reference(from, n), depth + 1);
            if (key.Name != "string")
                throw Malformed();
            yield return new XElement("key", key.Value);
            yield return Element(Reference(from, size + n), depth + 1);
        }
    }

    private void CheckReferences(long from, long references)
    {
        if (references > (_bytes.Length - from) / _referenceSize)
            throw Malformed();
    }

    private long Reference(long from, long n) => (long)Unsigned(from + (n * _referenceSize), _referenceSize);

    // Fifteen means that the size follows as a separate integer.
    private (long Size, long From) Size(long at, int low)
    {
        if (low < 0xF)
            return (low, at + 1);
        int marker = (int)Unsigned(at + 1, 1);
        if (marker is < 0x10 or > 0x13)
            throw Malformed();
        int length = 1 << (marker & 0xF);
        ulong size = Unsigned(at + 2, length);
        return size <= (ulong)_bytes.Length ? ((long)size, at + 2 + length) : throw Malformed();
    }

    // One, two and four bytes are unsigned, eight are signed; for sixteen, Apple writes the lower eight.
    private string Integer(long at)
    {
        int length = 1 << (_bytes[at] & 0xF);
        if (length < 8)
            return Unsigned(at + 1, length).ToString(CultureInfo.InvariantCulture);
        return length == 8
            ? ((long)Unsigned(at + 1, 8)).ToString(CultureInfo.InvariantCulture)
            : Unsigned(at + 9, 8).ToString(CultureInfo.InvariantCulture);
    }

    private double Real(long at, int length) =>
        length == 4
            ? BinaryPrimitives.ReadSingleBigEndian(Slice(at, 4))
            : BinaryPrimitives.ReadDoubleBigEndian(Slice(at, 8));

    private ulong Unsigned(long at, int length)
    {
        ulong value = 0;
        foreach (byte item in Slice(at, length))
            value = (value << 8) | item;
        return value;
    }

    private ReadOnlySpan<byte> Slice(long at, long size, int unit = 1)
    {
        if (at < 0 || at > _bytes.Length || size > (_bytes.Length - at) / unit)
            throw Malformed();
        return _bytes.AsSpan((int)at, (int)(size * unit));
    }

    private static FormatException Malformed() => new("it is a malformed binary property list");
}
