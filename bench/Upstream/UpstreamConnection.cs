using System.Diagnostics;
using System.Net.Sockets;

namespace FastGate.Bench.Upstream;

/// <summary>One connection of the upstream server: reads a head and its content, checks the content, and
/// responds.</summary>
internal sealed class UpstreamConnection(Socket socket, byte[] buffer)
{
    public const int BufferBytes = 80 * 1024;

    private int _held;

    public void Run()
    {
        using (socket)
        {
            socket.NoDelay = true;
            while (TryReadHead(out int headBytes) && TryRespond(headBytes))
            {
                // The next request.
            }
        }
    }

    private bool TryReadHead(out int headBytes)
    {
        while ((headBytes = buffer.AsSpan(0, _held).IndexOf("\r\n\r\n"u8) + 4) == 3)
        {
            if (!TryReceive())
                return false;
        }
        return true;
    }

    private bool TryReceive()
    {
        int count = socket.Receive(buffer.AsSpan(_held), SocketFlags.None, out SocketError error);
        _held += count;
        return count > 0 && error == SocketError.Success;
    }

    private void Consume(int bytes)
    {
        buffer.AsSpan(bytes, _held - bytes).CopyTo(buffer);
        _held -= bytes;
    }

    private bool TryRespond(int headBytes)
    {
        if (buffer.AsSpan(0, headBytes).StartsWith("GET /api/version "u8))
        {
            Consume(headBytes);
            return TrySend(Responses.Version);
        }
        WorkRequest request = WorkRequest.Read(buffer.AsSpan(0, headBytes));
        Consume(headBytes);
        if (!TryReadContent(request.ContentLength, out bool right))
            return false;
        if (!right)
            return TrySend(Responses.Differs);
        return request.Work switch
        {
            "chat" => TrySend(Responses.Chat),
            "upload" => TrySend(Responses.Uploaded(request.ContentLength)),
            "download" => TrySendPattern(request.Number("bytes")),
            "tokens" => TryStream((int)request.Number("count"), (int)request.Number("gap")),
            "silence" => TryStaySilent((int)request.Number("ms"), request.Number("id")),
            _ => TrySend(Responses.Unknown),
        };
    }

    private bool TryReadContent(long length, out bool right)
    {
        right = true;
        for (long done = 0; done < length; )
        {
            if (_held == 0 && !TryReceive())
                return false;
            int count = (int)long.Min(_held, length - done);
            right &= Pattern.IsAt(done, buffer.AsSpan(0, count));
            done += count;
            Consume(count);
        }
        return true;
    }

    private bool TrySend(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success)
                return false;
            bytes = bytes[sent..];
        }
        return true;
    }

    private bool TrySendPattern(long length)
    {
        if (!TrySend(Responses.DownloadHead(length)))
            return false;
        for (long done = 0; done < length; )
        {
            ReadOnlySpan<byte> part = Pattern.From(done, (int)long.Min(Pattern.PartBytesMax, length - done));
            if (!TrySend(part))
                return false;
            done += part.Length;
        }
        return true;
    }

    private bool TryStream(int count, int gapMilliseconds)
    {
        if (!TrySend(Responses.StreamHead))
            return false;
        byte[] chunk = new byte[EventText.ChunkBytes];
        for (int number = 0; number < count; number++)
        {
            if (HasEndedWithin(gapMilliseconds))
                return false;
            EventText.WriteChunk(chunk, number, Stopwatch.GetTimestamp());
            if (!TrySend(chunk))
                return false;
        }
        return TrySend("0\r\n\r\n"u8);
    }

    // Reports when this side saw the end of the connection, by the clock that all processes share.
    private bool TryStaySilent(int milliseconds, long id)
    {
        bool ended = HasEndedWithin(milliseconds);
        string line = $"{id} {(ended ? Stopwatch.GetTimestamp() : 0)}";
        lock (Console.Out)
            Console.WriteLine(line);
        return !ended && TrySend(Responses.Chat);
    }

    /// <summary>Waits like a model that computes, but notices the client's FIN or reset at once, as Go's server
    /// does.</summary>
    private bool HasEndedWithin(int milliseconds)
    {
        if (!socket.Poll(TimeSpan.FromMilliseconds(milliseconds), SelectMode.SelectRead))
            return false;
        return socket.Receive(buffer.AsSpan(_held), SocketFlags.Peek, out SocketError error) == 0
            || error != SocketError.Success;
    }
}
