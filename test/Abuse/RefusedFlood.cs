using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>
/// Sends refused requests as fast as possible on several connections, and counts what reaches the upstream.
/// </summary>
internal static class RefusedFlood
{
    private const int Clients = 16;
    private const int Rounds = 50;
    private const int Pipelined = 200;

    // These peers have not connected before: those of the crowd count as useless for a while.
    private const int FirstPeer = 700;

    // Ready connections may be replaced when the first request arrives.
    private const int WarmMax = 4;

    private static readonly byte[] Requests = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Repeat("GET /api/ps HTTP/1.1\r\nHost: gate\r\n\r\n", Pipelined))
    );

    /// <returns>True if no request reached the upstream.</returns>
    public static async Task<bool> RunAsync(GateRun gate, TaggingUpstream upstream)
    {
        (long connections, long requests) = (upstream.Accepted, upstream.Requests);
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(i => RefuseAsync(gate.Endpoint, Peers.Number(FirstPeer + i)))
        );
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        (connections, requests) = (upstream.Accepted - connections, upstream.Requests - requests);
        int refused = Clients * Rounds * Pipelined;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{refused} refused requests in {seconds:F1} s cost the upstream {connections} "
                    + $"connections and {requests} requests"
            )
        );
        return connections <= WarmMax && requests == 0;
    }

    private static async Task RefuseAsync(IPEndPoint gate, IPAddress from)
    {
        using RawClient client = await RawClient.ConnectAsync(gate, from);
        for (int round = 0; round < Rounds; round++)
        {
            Task sending = client.Connection.SendAsync(Requests);
            for (int i = 0; i < Pipelined; i++)
            {
                int status = (await client.ReadResponseAsync()).Status;
                if (status != 403)
                    throw new IOException($"Got status {status} instead of a refusal.");
            }
            await sending;
        }
    }
}
