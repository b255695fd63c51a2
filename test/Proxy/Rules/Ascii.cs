using System.Text;

namespace FastGate.Test.Proxy.Rules;

/// <summary>The bytes of a text, one per character, including those above ASCII.</summary>
internal static class Ascii
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
