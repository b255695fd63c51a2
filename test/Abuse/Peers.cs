using System.Net;

namespace FastGate.Test.Abuse;

/// <summary>Addresses for many clients on one machine: on Linux all of 127.0.0.0/8 is local.</summary>
internal static class Peers
{
    /// <summary>Why a test does not run elsewhere.</summary>
    public const string OnlyOnLinux = "Elsewhere only 127.0.0.1 of 127.0.0.0/8 can be bound.";

    /// <param name="number">From 0 to some ten thousand.</param>
    public static IPAddress Number(int number) => new([127, 1, (byte)(number / 200), (byte)((number % 200) + 1)]);
}
