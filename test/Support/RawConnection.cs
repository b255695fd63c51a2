using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Support;

/// <summary>One end of a TCP connection as raw bytes, each read with a deadline; for one caller at a time.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private byte[] _held = new byte[4096];
    private int _start;
    private int _end;

    public IPEndPoint LocalEndPoint => (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Bytes that have been received but not read.</summary>
    public ReadOnlyMemory<byte> Held => _held.AsMemory(_start.._end);

    /// <summary>Whether bytes have arrived that have not been received yet; a FIN does not count.</summary>
    public bool HasInput => !socket.SafeHandle.IsClosed && socket.Available > 0;

    /// <summary>Connects, optionally from a given address: on Linux, all of 127.0.0.0/8 is local.</summary>
    public static async Task<RawConnection> ConnectAsync(
        IPEndPoint endpoint,
        IPAddress? from = null,
        int? receiveBytes = null
    )
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBytes is { } bytes)
            socket.ReceiveBufferSize = bytes;
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(endpoint).WithinDeadline();
        return new RawConnection(socket);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes).WithinDeadline()..];
    }

    /// <summary>Sends without a deadline, to a peer that may not read for long.</summary>
    public async Task SendWithoutDeadlineAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>Sends a FIN; the other direction stays open.</summary>
    public void FinishSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a RST.</summary>
    public void Abort()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Receives once and holds the bytes; false if the peer has sent a FIN.</summary>
    public async Task<bool> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        MakeRoom();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StepDeadline.Longest);
        try
        {
            int received = await socket.ReceiveAsync(_held.AsMemory(_end), deadline.Token);
            _end += received;
            return received > 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Nothing arrived for {StepDeadline.Longest.TotalSeconds} s after {_end - _start} held bytes."
            );
        }
    }

    /// <summary>Returns the bytes of one receive; empty at the end.</summary>
    public async Task<byte[]> ReadOnceAsync()
    {
        if (_start == _end)
            await ReceiveAsync();
        return Take(_end - _start);
    }

    public async Task<byte[]> ReadExactlyAsync(int count)
    {
        while (_end - _start < count)
        {
            if (!await ReceiveAsync())
                throw new EndOfStreamException($"Ended after {_end - _start} of {count} bytes.");
        }
        return Take(count);
    }

    /// <summary>Reads up to and including <paramref name="mark"/>.</summary>
    public async Task<byte[]> ReadThroughAsync(byte[] mark)
    {
        int at;
        while ((at = Held.Span.IndexOf(mark)) < 0)
        {
            if (!await ReceiveAsync())
                throw new EndOfStreamException($"Ended after {_end - _start} bytes without the mark.");
        }
        return Take(at + mark.Length);
    }

    public async Task<byte[]> ReadToEndAsync()
    {
        while (await ReceiveAsync()) { }
        return Take(_end - _start);
    }

    public void Dispose() => socket.Dispose();

    private byte[] Take(int count)
    {
        var taken = _held[_start..(_start + count)];
        _start += count;
        return taken;
    }

    private void MakeRoom()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_end < _held.Length)
            return;
        var larger = _start > _held.Length / 2 ? _held : new byte[_held.Length * 2];
        Buffer.BlockCopy(_held, _start, larger, 0, _end - _start);
        (_held, _end, _start) = (larger, _end - _start, 0);
    }
}
