using System.Text;

namespace FastGate.Test.Proxy.AccessLog;

/// <summary>A stream into memory that a test can make slow (closed) or failing.</summary>
internal sealed class TestSink : Stream
{
    private readonly MemoryStream _taken = new();
    private readonly ManualResetEventSlim _open = new(true);
    private readonly SemaphoreSlim _arrived = new(0);
    private volatile bool _failing;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _taken.Length;

    public override long Position
    {
        get => _taken.Position;
        set => throw new NotSupportedException();
    }

    public int WritesTaken { get; private set; }

    public bool IsDisposed { get; private set; }

    public string[] Lines =>
        Encoding.UTF8.GetString(_taken.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Fail(bool on) => _failing = on;

    /// <summary>From now on a write waits inside the sink until <see cref="Release"/>.</summary>
    public void Hold() => _open.Reset();

    public void Release() => _open.Set();

    /// <summary>Until a write has come in, whether or not it is held.</summary>
    public Task WriteArrivedAsync() => _arrived.WaitAsync();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _arrived.Release();
        _open.Wait();
        if (_failing)
            throw new IOException("No space left on device");
        _taken.Write(buffer);
        WritesTaken++;
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
