using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Abuse;

/// <summary>An ordinary client that times its exchanges on one persistent connection, on its own thread.</summary>
internal sealed class LatencyMeter : IDisposable
{
    private static readonly CheckedRequest Request = new(
        "GET",
        "/v1/models/m",
        new ResponsePlan(1, ResponseFraming.Length, 300, 300)
    );

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
    private readonly byte[] _request = Request.Wire();
    private readonly byte[] _response = new byte[4096];
    private readonly byte[] _expected;

    public LatencyMeter(IPEndPoint gate)
    {
        _socket.ReceiveTimeout = 30_000;
        _socket.Connect(gate);
        byte[] content = TaggedResponse.Of(Request.Plan, Request.Method, Request.Path, []);
        _expected =
        [
            .. System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\n\r\n"),
            .. content,
        ];
    }

    /// <summary>Measures exchanges; returns their durations in microseconds, sorted.</summary>
    public Task<double[]> MeasureAsync(int exchanges) =>
        Task.Factory.StartNew(
            () => Measure(exchanges),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    public void Dispose() => _socket.Dispose();

    private double[] Measure(int exchanges)
    {
        double[] times = new double[exchanges];
        for (int i = 0; i < exchanges; i++)
        {
            long began = Stopwatch.GetTimestamp();
            _socket.Send(_request);
            int length = 0;
            while (length < _expected.Length)
            {
                int received = _socket.Receive(_response.AsSpan(length));
                if (received == 0)
                    throw new IOException("The gate closed an ordinary client's connection.");
                length += received;
            }
            times[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            if (!_response.AsSpan(0, length).SequenceEqual(_expected))
                throw new IOException("An ordinary client got a wrong response.");
        }
        Array.Sort(times);
        return times;
    }
}
