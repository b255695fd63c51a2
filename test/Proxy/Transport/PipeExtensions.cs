using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>Shorthand for reads and writes in tests.</summary>
internal static class PipeExtensions
{
    /// <summary>Reads once, consumes everything, and returns it as text, marked if input ended or the read was
    /// canceled.</summary>
    public static async ValueTask<string> ReadTextAsync(this SocketPipe pipe)
    {
        ReadResult read = await pipe.Input.ReadAsync();
        string text = Encoding.ASCII.GetString(read.Buffer);
        pipe.Input.AdvanceTo(read.Buffer.End);
        return text + (read.IsCanceled ? " (canceled)" : "") + (read.IsCompleted ? " (end)" : "");
    }

    /// <summary>Reads to the end and returns the number of bytes.</summary>
    public static async ValueTask<long> DrainAsync(this SocketPipe pipe)
    {
        long count = 0;
        ReadResult read;
        do
        {
            read = await pipe.Input.ReadAsync();
            count += read.Buffer.Length;
            pipe.Input.AdvanceTo(read.Buffer.End);
        } while (!read.IsCompleted);
        return count;
    }

    public static ValueTask<FlushResult> WriteTextAsync(this SocketPipe pipe, string text) =>
        pipe.Output.WriteAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>Receives to the end on a blocking socket, as text.</summary>
    public static string ReceiveAll(this Socket peer)
    {
        ArrayBufferWriter<byte> all = new();
        int count;
        while ((count = peer.Receive(all.GetSpan(4096))) > 0)
            all.Advance(count);
        return Encoding.ASCII.GetString(all.WrittenSpan);
    }

    public static void SendText(this Socket peer, string text) => peer.Send(Encoding.ASCII.GetBytes(text));

    /// <summary>Closes with a reset.</summary>
    public static void Reset(this Socket peer)
    {
        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();
    }

    /// <summary>Sends zeros until the kernel accepts no more, and returns how many it accepted.</summary>
    public static long Flood(this Socket peer)
    {
        byte[] piece = new byte[64 * 1024];
        peer.Blocking = false;
        long count = 0;
        SocketError error;
        do count += peer.Send(piece, SocketFlags.None, out error);
        while (error == SocketError.Success);
        peer.Blocking = true;
        return count;
    }
}
