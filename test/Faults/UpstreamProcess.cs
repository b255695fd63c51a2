using System.Globalization;
using System.Net;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>An upstream in its own process, which can be suspended and killed as Ollama can.</summary>
internal sealed class UpstreamProcess : IAsyncDisposable
{
    // Half a response for /api/tags, and a complete one for everything else.
    private const string Script = """
        import socket, sys, threading
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(('127.0.0.1', int(sys.argv[1])))
        listener.listen(64)
        print(listener.getsockname()[1], flush=True)
        def serve(connection):
            lines = connection.makefile('rb')
            for line in lines:
                while lines.readline() not in (b'\r\n', b''):
                    pass
                half = b'/api/tags' in line
                connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: ' + (b'10\r\n\r\nhalf' if half else b'2\r\n\r\nok'))
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()
        """;

    private readonly ChildProcess _process;

    private UpstreamProcess(ChildProcess process, int port)
    {
        _process = process;
        Endpoint = new IPEndPoint(IPAddress.Loopback, port);
    }

    public IPEndPoint Endpoint { get; }

    /// <param name="port">A free port by default; nothing else takes it while the process is down.</param>
    public static async Task<UpstreamProcess> StartAsync(int? port = null)
    {
        ChildProcess process = ChildProcess.Start(
            Required.Tool("python3"),
            ["-c", Script, (port ?? Ports.Free()).ToString(CultureInfo.InvariantCulture)]
        );
        string line =
            await process.ReadLineAsync() ?? throw new EndOfStreamException("The upstream process printed no port.");
        return new UpstreamProcess(process, int.Parse(line, CultureInfo.InvariantCulture));
    }

    public void Send(string signal) => Signal.Send(_process.Id, signal);

    public Task SuspendAsync() => Signal.SuspendAsync(_process.Id);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
