using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;

namespace FastGate.Test.Abuse;

/// <summary>
/// The proof <c>abuse</c>: measures how 500 slow heads, 500 clients that never read and floods from 256 connections
/// affect an ordinary client, and what a flood of refused requests costs the upstream.
/// </summary>
internal static class AbuseProof
{
    private const string Usage = "abuse [--short | --crowd | --flood NAME]";

    public static async Task<int> RunAsync(string[] words)
    {
        if (words is not ([] or ["--short"] or ["--crowd"] or ["--flood", _]))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        if (!ProcessFigures.IsSupported)
        {
            Console.Error.WriteLine("Requires Linux: process figures are read from /proc.");
            return 2;
        }
        try
        {
            if (words is ["--crowd"])
                return await RunCrowdAsync() ? 0 : 1;
            if (words is ["--flood", string name])
                return await RunFloodAsync(name) ? 0 : 1;
            (int rounds, int exchanges) = words.Length == 0 ? (9, 3000) : (3, 1000);
            return await RunAsync(rounds, exchanges) ? 0 : 1;
        }
        catch (Win32Exception exception)
        {
            Console.Error.WriteLine($"The gate cannot be started: {exception.Message}");
            return 2;
        }
        catch (Exception exception)
            when (exception is AssertFailedException or TimeoutException or IOException or SocketException)
        {
            Console.Error.WriteLine($"Failed: {exception.Message}");
            return 1;
        }
    }

    private static async Task<bool> RunAsync(int rounds, int exchanges)
    {
        using TaggingUpstream upstream = new();
        using GateRun gate = GateRun.Start(upstream.Endpoint);
        CrowdRun crowd = new(gate, rounds, exchanges);
        bool isUnmoved = await crowd.RunAsync();
        bool isSpared = await RefusedFlood.RunAsync(gate, upstream);
        bool isFair = await new FloodRun(gate, rounds, exchanges).RunAsync();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"crowd: {WordOf(isUnmoved)}, memory: {WordOf(crowd.IsBounded)}, refused "
                    + $"flood: {WordOf(isSpared)}, other clients in a flood: {WordOf(isFair)}"
            )
        );
        return isUnmoved && crowd.IsBounded && isSpared && isFair;
    }

    private static async Task<bool> RunCrowdAsync()
    {
        using TaggingUpstream upstream = new();
        using GateRun gate = GateRun.Start(upstream.Endpoint);
        return await new CrowdRun(gate, rounds: 3, exchanges: 1000).RunAsync();
    }

    private static async Task<bool> RunFloodAsync(string name)
    {
        using TaggingUpstream upstream = new();
        using GateRun gate = GateRun.Start(upstream.Endpoint);
        return await new FloodRun(gate, rounds: 3, exchanges: 1000).RunAsync(name);
    }

    private static string WordOf(bool held) => held ? "held" : "DID NOT HOLD";
}
