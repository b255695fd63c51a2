using System.Net;

namespace FastGate.Test.Abuse;

/// <summary>Addresses for many clients on one machine: on Linux, all of 127.0.0.0/8 is local.</summary>
internal static class Peers
{
    /// <summary>Why a test is skipped on other systems.</summary>
    public const string OnlyOnLinux = "Only Linux can bind every address of 127.0.0.0/8.";

    /// <param name="number">From 0 to about ten thousand.</param>
    public static IPAddress Number(int number) => new([127, 1, (byte)(number / 200), (byte)((number % 200) + 1)]);
}
