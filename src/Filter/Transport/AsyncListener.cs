using System.Net.Sockets;

namespace FastGate.Transport;

/// <summary>A listening socket that no loop owns, for what may be slow. One caller at a time.</summary>
/// <param name="socket">A listening socket; the listener closes it.</param>
/// <param name="time">The clock of its pauses.</param>
internal sealed class AsyncListener(Socket socket, TimeProvider time) : IDisposable
{
    // No descriptor left is the usual reason, and looking again at once would only burn the processor.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The next connection; null when it is canceled.</summary>
    public async Task<AsyncConnection?> AcceptAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return new AsyncConnection(await socket.AcceptAsync(stopping));
            }
            catch (SocketException)
            {
                // A client that gave up, or a shortage: whatever it is, accepting goes on after a pause.
                await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // It is to end.
                return null;
            }
        }
    }

    public void Dispose() => socket.Dispose();
}
