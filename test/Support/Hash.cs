using System.Security.Cryptography;
using System.Text;

namespace FastGate.Test.Support;

/// <summary>SHA-256 in lower-case hexadecimal, as the Go program and the stand-in report it.</summary>
internal static class Hash
{
    public static string Of(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string OfLatin1(string text) => Of(Encoding.Latin1.GetBytes(text));
}
