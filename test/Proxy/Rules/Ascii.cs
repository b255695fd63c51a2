using System.Text;

namespace FastGate.Test.Proxy.Rules;

/// <summary>Bytes of test texts: one byte a character, also above ASCII, as they would stand on the wire.</summary>
internal static class Ascii
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
