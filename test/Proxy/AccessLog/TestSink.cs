using System.Text;

namespace FastGate.Test.Proxy.AccessLog;

/// <summary>A memory stream that a test can make hang or fail.</summary>
internal sealed class TestSink : Stream
{
    private readonly MemoryStream _written = new();
    private readonly ManualResetEventSlim _open = new(true);
    private readonly SemaphoreSlim _arrived = new(0);
    private volatile bool _failing;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written.Length;

    public override long Position
    {
        get => _written.Position;
        set => throw new NotSupportedException();
    }

    public int WritesCompleted { get; private set; }

    public bool IsDisposed { get; private set; }

    public string[] Lines =>
        Encoding.UTF8.GetString(_written.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Fail(bool on) => _failing = on;

    /// <summary>Makes writes hang until <see cref="Release"/>.</summary>
    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    /// <summary>Completes when a write has arrived, even if it hangs.</summary>
    public Task WriteArrivedAsync() => _arrived.WaitAsync();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _arrived.Release();
        _open.Wait();
        if (_failing)
            throw new IOException("No space left on device");
        _written.Write(buffer);
        WritesCompleted++;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
