using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>A client that connects repeatedly, behaves differently each time, and checks every response.</summary>
internal sealed class RandomClient : IDisposable
{
    // Many times the load of a home network, but below what the machine can handle.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly IPEndPoint _gate;
    private readonly TaggingUpstream _upstream;
    private readonly Tally _tally;
    private readonly IPAddress _address;
    private readonly Random _random;
    private readonly RequestSource _requests;
    private readonly PeriodicTimer _pace = new(Pause);

    /// <param name="gate">Where the client connects.</param>
    /// <param name="upstream">The upstream behind the gate.</param>
    /// <param name="tally">Counts the outcomes.</param>
    /// <param name="number">The client's number, which determines its address.</param>
    /// <param name="seed">Determines the client's behavior, together with its number.</param>
    public RandomClient(IPEndPoint gate, TaggingUpstream upstream, Tally tally, int number, int seed)
    {
        _gate = gate;
        _upstream = upstream;
        _tally = tally;
        _address = Peers.Number(number);
        _random = new Random(seed + number);
        _requests = new RequestSource(_random, tally);
    }

    /// <summary>Repeats until canceled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await RunOnceAsync();
            await _pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _pace.Dispose();

    private Task RunOnceAsync() =>
        _random.Next(10) switch
        {
            < 3 => ConversationAsync(_random.Next(5, 30)),
            < 5 => ConversationAsync(1),
            5 => PipelineAsync(),
            6 => SlowReadAsync(),
            7 => HalfCloseAsync(),
            _ => AbortAsync(),
        };

    /// <summary>Sends one request after another on one connection.</summary>
    private async Task ConversationAsync(int requests)
    {
        using RawClient? client = await TryConnectAsync();
        bool isOpen = client is not null;
        for (int i = 0; isOpen && i < requests; i++)
        {
            CheckedRequest request = _requests.Next(mayClose: i == requests - 1);
            isOpen = await CheckAsync(
                request,
                async () =>
                {
                    await SendAsync(client!, request.Wire());
                    return await ReadAsync(client!, request);
                }
            );
        }
    }

    /// <summary>Pipelines several requests; the responses arrive in order.</summary>
    private async Task PipelineAsync()
    {
        using RawClient? client = await TryConnectAsync();
        if (client is null)
            return;
        CheckedRequest[] all =
        [
            .. Enumerable.Range(0, _random.Next(2, 12)).Select(_ => _requests.Next(mayClose: false)),
        ];
        Task sending = client.Connection.SendAsync(all.SelectMany(request => request.Wire()).ToArray());
        bool isOpen = true;
        for (int i = 0; isOpen && i < all.Length; i++)
            isOpen = await CheckAsync(all[i], () => ReadAsync(client, all[i]));
        await EndAsync(sending);
    }

    /// <summary>Reads a long response slowly.</summary>
    private async Task SlowReadAsync()
    {
        using RawClient? client = await TryConnectAsync(receiveBytes: 4096);
        if (client is null)
            return;
        CheckedRequest request = _requests.Long();
        await CheckAsync(
            request,
            async () =>
            {
                await SendAsync(client, request.Wire());
                // A shorter response comes from the gate while the upstream restarts.
                bool isLong = true;
                for (int i = 0; isLong && i < 5; i++)
                {
                    await _pace.WaitForNextTickAsync();
                    isLong =
                        await client.Connection.ReceiveAsync()
                        && client.Connection.Held.Span.StartsWith("HTTP/1.1 200"u8);
                }
                return await client.ReadResponseAsync();
            }
        );
    }

    /// <summary>Sends a FIN after a complete request: the response still arrives.</summary>
    private async Task HalfCloseAsync()
    {
        using RawClient? client = await TryConnectAsync();
        if (client is null)
            return;
        CheckedRequest request = _requests.Next(mayClose: true);
        await CheckAsync(
            request,
            async () =>
            {
                await client.Connection.SendAsync(request.Wire());
                client.Connection.FinishSending();
                return await ReadAsync(client, request);
            }
        );
    }

    /// <summary>Disconnects in the middle of a head, content or a response, by a FIN or a reset.</summary>
    private async Task AbortAsync()
    {
        using RawClient? client = await TryConnectAsync();
        if (client is null)
            return;
        byte[] wire = _requests.Next(mayClose: true).Wire();
        bool isWhole = _random.Next(2) == 0;
        await EndAsync(
            client.Connection.SendAsync(wire.AsMemory(0, isWhole ? wire.Length : _random.Next(wire.Length)))
        );
        if (isWhole && _random.Next(2) == 0)
            await EndAsync(client.Connection.ReceiveAsync());
        _tally.CountAbort();
        if (_random.Next(2) == 0)
            client.Connection.Abort();
    }

    /// <returns>True if the connection can carry another request.</returns>
    private async Task<bool> CheckAsync(CheckedRequest request, Func<Task<RawResponse>> exchange)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            RawResponse response = await exchange();
            ExchangeOutcome outcome = request.Classify(response);
            _tally.Count(
                request,
                outcome,
                _upstream.MayHaveInterrupted(began),
                $"{response.Status}, {response.Content.Length} bytes"
            );
            return outcome == ExchangeOutcome.Correct && !response.Closes;
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException)
        {
            _tally.Count(request, ExchangeOutcome.Interrupted, _upstream.MayHaveInterrupted(began), exception.Message);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or TimeoutException)
        {
            // A missing response is never excused.
            _tally.Count(
                request,
                exception is TimeoutException ? ExchangeOutcome.Interrupted : ExchangeOutcome.Altered,
                excused: false,
                exception.Message
            );
        }
        return false;
    }

    private async Task SendAsync(RawClient client, byte[] wire)
    {
        int cut = _random.Next(3) == 0 ? _random.Next(wire.Length) : wire.Length;
        await client.Connection.SendAsync(wire.AsMemory(0, cut));
        if (cut == wire.Length)
            return;
        await _pace.WaitForNextTickAsync();
        await client.Connection.SendAsync(wire.AsMemory(cut));
    }

    private static Task<RawResponse> ReadAsync(RawClient client, CheckedRequest request) =>
        client.ReadResponseAsync(request.Method == "HEAD");

    private async Task<RawClient?> TryConnectAsync(int? receiveBytes = null)
    {
        try
        {
            return await RawClient.ConnectAsync(_gate, _address, receiveBytes);
        }
        catch (SocketException exception)
        {
            // A running gate never refuses a connection.
            _tally.Count(
                _requests.Next(mayClose: true),
                ExchangeOutcome.Interrupted,
                excused: false,
                $"connect: {exception.Message}"
            );
            return null;
        }
    }

    // Awaits a transfer that may fail because the connection is ending.
    private static async Task EndAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException or ObjectDisposedException)
        {
            // The other side ended the connection.
        }
    }
}
