namespace FastGate.Test.Proxy.AccessLog;

/// <summary>Forwards writes, and measures what the writing thread has allocated since its first write.</summary>
internal sealed class AllocationSink(Stream inner) : Stream
{
    private long _atFirst = -1;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public int Writes { get; private set; }

    public long AllocatedBytes { get; private set; }

    /// <summary>Restarts the measurement; must not be called during a write.</summary>
    public void Reset() => (_atFirst, Writes) = (-1, 0);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Writes++;
        long now = GC.GetAllocatedBytesForCurrentThread();
        if (_atFirst < 0)
            _atFirst = now;
        AllocatedBytes = now - _atFirst;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
