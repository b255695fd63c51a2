using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Bench.EndToEnd;

/// <summary>
/// One kept-alive connection to each subject, closed loop, a small request and a 20-byte answer, the subjects in turn in
/// one run, so that what the machine does meanwhile strikes all of them.
/// </summary>
internal static class ExchangeWorkload
{
    private const int BlockRequests = 100;
    private const int Requests = 20_000;
    private const int QuickRequests = 500;

    private static ReadOnlySpan<byte> Request =>
        "GET /api/version HTTP/1.1\r\nHost: 127.0.0.1:11434\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n"u8;

    public static bool Run(bool quick)
    {
        using Child server = Child.Start("dotnet", Path.Combine(AppContext.BaseDirectory, "FastGate.Bench.dll"), "upstream");
        IPEndPoint upstream = new(IPAddress.Loopback, int.Parse(server.Output.ReadLine()!, CultureInfo.InvariantCulture));
        List<Subject> subjects = [new Subject("direct", upstream, null), Subject.Gate(upstream, "auto")];
        if (Subject.HaProxy(upstream) is { } proxy) subjects.Add(proxy);
        else Console.WriteLine("HAProxy is not on the PATH: not measured.");
        try
        {
            return Measure(subjects, quick ? QuickRequests : Requests);
        }
        finally
        {
            foreach (Subject subject in subjects) subject.Dispose();
        }
    }

    private static bool Measure(List<Subject> subjects, int requests)
    {
        Socket[] sockets = [.. subjects.Select(subject => Connect(subject.EndPoint))];
        int wrong = 0;
        // Tiered compilation needs the first round; it is measured like the second and forgotten.
        Latencies[] latencies = [];
        for (int round = 0; round < 2; round++)
        {
            latencies = [.. subjects.Select(_ => new Latencies(requests))];
            for (int done = 0; done < requests; done += BlockRequests)
            {
                for (int i = 0; i < sockets.Length; i++) wrong += Block(sockets[i], latencies[i]);
            }
        }
        foreach (Socket socket in sockets) socket.Dispose();
        Print(subjects, latencies);
        Console.WriteLine($"{2 * requests * subjects.Count} answers checked, {wrong} wrong.");
        return wrong == 0;
    }

    private static int Block(Socket socket, Latencies latencies)
    {
        int wrong = 0;
        Span<byte> answer = stackalloc byte[1024];
        for (int i = 0; i < BlockRequests; i++)
        {
            long began = Stopwatch.GetTimestamp();
            socket.Send(Request);
            int length = 0;
            while (length < AnsweringServer.Answer.Length)
            {
                int count = socket.Receive(answer[length..]);
                if (count == 0) throw new EndOfStreamException("The connection ended in the middle of an answer.");
                length += count;
            }
            latencies.Add(Stopwatch.GetTimestamp() - began);
            if (!IsRight(answer[..length])) wrong++;
        }
        return wrong;
    }

    // HAProxy writes field names in lower case; status and content are the same for all.
    private static bool IsRight(ReadOnlySpan<byte> answer) =>
        answer.Length == AnsweringServer.Answer.Length
        && answer.StartsWith("HTTP/1.1 200 OK\r\n"u8) && answer.EndsWith("\r\n\r\n{\"version\":\"0.30.0\"}"u8);

    private static Socket Connect(IPEndPoint endPoint)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(endPoint);
        return socket;
    }

    private static void Print(List<Subject> subjects, Latencies[] latencies)
    {
        Console.WriteLine($"{"µs",-24}{"p50",9}{"p99",9}{"p99.9",9}{"added p50",12}{"added p99",12}");
        for (int i = 0; i < subjects.Count; i++)
        {
            double p50 = latencies[i].Microseconds(0.50), p99 = latencies[i].Microseconds(0.99);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{subjects[i].Name,-24}{p50,9:F1}{p99,9:F1}{latencies[i].Microseconds(0.999),9:F1}{p50 - latencies[0].Microseconds(0.50),12:F1}{p99 - latencies[0].Microseconds(0.99),12:F1}"));
        }
    }
}
