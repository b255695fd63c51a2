using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>A connection that no loop owns, for what may be slow. Errors are values; one caller at a time.</summary>
/// <param name="socket">An accepted or connected socket; the connection closes it.</param>
internal sealed class AsyncConnection(Socket socket) : IDisposable
{
    /// <summary>Takes over what a loop has accepted; null when the connection is gone already.</summary>
    public static AsyncConnection? TryTake(Descriptor accepted)
    {
        if (accepted.Socket is { } socket)
            return new AsyncConnection(socket);
        SafeSocketHandle handle = new(accepted.Number, ownsHandle: true);
        try
        {
            return new AsyncConnection(new Socket(handle));
        }
        catch (Exception end) when (end is SocketException or ArgumentException)
        {
            // A system may answer no more questions about such a socket.
            handle.Dispose();
            return null;
        }
    }

    /// <summary>How many bytes came; 0 at the end, whichever kind of end, and when the time is over.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> room, CancellationToken late)
    {
        try
        {
            return await socket.ReceiveAsync(room, late);
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException)
        {
            // The other side is gone, or took too long: there is nothing to read either way.
            return 0;
        }
    }

    /// <returns>False when the other side takes no more, or not in time.</returns>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken late)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await socket.SendAsync(bytes, late)..];
            return true;
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException)
        {
            // The same as for receiving.
            return false;
        }
    }

    /// <summary>Sends a FIN; the other direction stays open.</summary>
    public void FinishSending()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other side was quicker.
        }
    }

    public void Dispose() => socket.Dispose();
}
