namespace FastGate.Proxy.Transport;

/// <summary>The buffer of a reader: none while nothing is unread.</summary>
internal sealed partial class SocketReader
{
    private void MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = _pool.Rent(big: _filled);
            _start = _end = _examined = 0;
        }
        else if (_end == _buffer.Length)
        {
            Move();
        }
    }

    // Copies what is unread to the front, of a large buffer if this is a small one: at most once a size, so a head that
    // grows byte by byte stays linear.
    private void Move()
    {
        byte[] from = _buffer!;
        byte[] to = from.Length < BufferPool.LargeBytes && _start < from.Length / 2 ? _pool.Rent(big: true) : from;
        from.AsSpan(_start, _end - _start).CopyTo(to);
        _examined -= _start;
        _end -= _start;
        _start = 0;
        if (to == from)
            return;
        _buffer = to;
        _pool.Return(from);
    }

    private void Release()
    {
        byte[] done = _buffer!;
        _buffer = null;
        _start = _end = _examined = 0;
        _pool.Return(done);
    }
}
