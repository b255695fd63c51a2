using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

[TestClass]
public sealed class AsciiSetTests
{
    [TestMethod]
    public void Token_IsTchar() =>
        Check(WireBytes.Token, c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));

    [TestMethod]
    public void PlainPath_IsVisibleExceptFour() =>
        Check(WireBytes.PlainPath, c => c is > ' ' and < '\x7F' and not ('#' or '?' or '%' or '\\'));

    [TestMethod]
    public void Query_IsVisibleExceptTwo() =>
        Check(WireBytes.Query, c => c is > ' ' and < '\x7F' and not ('#' or '\\'));

    [TestMethod]
    public void HostName_IsLettersDigitsAndThree() =>
        Check(WireBytes.HostName, c => char.IsAsciiLetterOrDigit(c) || "-._".Contains(c));

    [TestMethod]
    public void Control_IsAllButTab() =>
        CheckSearch(
            value => value < 0x80 && char.IsControl((char)value) && value != '\t',
            (byte)'a',
            ControlBytes.IndexIn
        );

    private static void Check(AsciiSet set, Func<char, bool> member) =>
        CheckSearch(value => !(value < 0x80 && member((char)value)), (byte)'a', set.IndexOfAnyExcept);

    private delegate int Search(ReadOnlySpan<byte> bytes, int from);

    /// <summary>Tries each byte value at each index of spans around the size of a block, from several starts.</summary>
    private static void CheckSearch(Func<byte, bool> found, byte filler, Search search)
    {
        foreach (int length in (int[])[0, 1, 15, 16, 17, 31, 32, 33, 48])
        {
            byte[] bytes = [.. Enumerable.Repeat(filler, length)];
            for (int from = 0; from <= length; from++)
                Assert.AreEqual(length, search(bytes, from));
            for (int at = 0; at < length; at++)
            {
                for (int value = 0; value <= byte.MaxValue; value++)
                {
                    bytes[at] = (byte)value;
                    int from = value % (length + 1);
                    Assert.AreEqual(
                        at >= from && found((byte)value) ? at : length,
                        search(bytes, from),
                        $"{value} at {at} of {length}"
                    );
                }

                bytes[at] = filler;
            }
        }
    }
}
