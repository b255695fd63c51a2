using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using FastGate.Test.Httplib;
using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>The long form of <see cref="DifferentialTests"/>, with selectable streams, seed and target.</summary>
internal static class BypassProof
{
    private static readonly Option<int> Streams = new("--streams")
    {
        Description = "Number of streams.",
        DefaultValueFactory = _ => 20_000,
    };
    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Seed of the generator.",
        DefaultValueFactory = _ => Environment.TickCount & 0xffffff,
    };
    private static readonly Option<int?> Only = new("--only")
    {
        Description = "Send and print only the stream with this number.",
    };
    private static readonly Option<string> Backend = new("--backend")
    {
        Description = "Backend: epoll, kqueue or portable.",
        DefaultValueFactory = _ => Named(Ways.Best),
    };
    private static readonly Option<string> Through = new("--through")
    {
        Description = "Target to attack.",
        DefaultValueFactory = _ => "gate",
    };

    private static readonly Option<string> Witness = new("--witness")
    {
        Description = "Server behind the target: go, or one that parses like a version of cpp-httplib.",
        DefaultValueFactory = _ => Go,
    };

    private const string Go = "go";
    private const int CouldNotRun = 2;

    /// <summary>The servers, by their names on the command line.</summary>
    private static readonly Dictionary<string, HttplibVersion> Httplibs = new()
    {
        ["httplib-0.11"] = HttplibVersion.V011,
        ["httplib-0.53"] = HttplibVersion.V053,
    };

    static BypassProof()
    {
        Backend.AcceptOnlyFromAmong([.. Ways.All.Select(Named)]);
        Through.AcceptOnlyFromAmong([.. Target.Names]);
        Witness.AcceptOnlyFromAmong([Go, .. Httplibs.Keys]);
    }

    /// <returns>0 if there were no violations, 1 if there were, 2 if it could not run.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var command = new RootCommand(
            "Send hostile streams through a gate to an HTTP server and report what got past it."
        )
        {
            Streams,
            Seed,
            Only,
            Backend,
            Through,
            Witness,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        var parsed = command.Parse(args);
        try
        {
            int exitCode = await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false }
            );
            return parsed.Errors.Count > 0 ? CouldNotRun : exitCode;
        }
        catch (Exception exception)
            when (exception
                    is UnitTestAssertException
                        or IOException
                        or SocketException
                        or TimeoutException
                        or InvalidOperationException
            )
        {
            // Without Go or HAProxy nothing was measured: not a failure of the gate.
            Console.Error.WriteLine(exception.Message);
            return CouldNotRun;
        }
    }

    private static string Named(Way way) => way.ToString().ToLowerInvariant();

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        string through = parsed.GetValue(Through)!;
        int seed = parsed.GetValue(Seed);
        var backend = Ways.All.Single(way => Named(way) == parsed.GetValue(Backend));
        var source = new StreamSource(seed);
        var streams = parsed.GetValue(Only) is { } only
            ? [source.Make(only)]
            : Enumerable.Range(0, parsed.GetValue(Streams)).Select(source.Make);
        if (parsed.GetValue(Only) is not null)
            Console.WriteLine(streams.First());
        string server = parsed.GetValue(Witness)!;
        Console.WriteLine(
            $"seed {seed}, through {through}{(through == "gate" ? $" on {parsed.GetValue(Backend)}" : "")} to {server}"
        );

        var clock = Stopwatch.StartNew();
        var tally =
            Httplibs.TryGetValue(server, out var version) ? await LeakAsync(through, backend, streams, version)
            : through == "gate" ? await AttackAsync(backend, streams, Progress)
            : await LeakRun.RunAsync(through, streams);
        foreach (var violation in tally.Violations.Take(10))
            Console.WriteLine(violation);
        Console.WriteLine($"{tally.Arrived} requests arrived, {clock.Elapsed.TotalSeconds:F0} s");
        Console.WriteLine(tally);
        return tally.Violations.Count == 0 ? 0 : 1;

        void Progress(Tally sofar)
        {
            if (sofar.Streams % 20_000 == 0)
                Console.WriteLine($"{clock.Elapsed.TotalSeconds, 6:F0} s  {sofar}");
        }
    }

    // This server's responses prove nothing, so only the requests it received are checked.
    private static async Task<Tally> LeakAsync(
        string through,
        Way backend,
        IEnumerable<StreamCase> streams,
        HttplibVersion version
    )
    {
        await using var witness = new HttplibServer(version);
        return await LeakRun.RunAsync(through, backend, streams, witness);
    }

    private static async Task<Tally> AttackAsync(Way backend, IEnumerable<StreamCase> streams, Action<Tally> progress)
    {
        await using var ollama = await GoOllama.StartAsync();
        await using var target = await Target.OpenAsync("gate", backend, ollama.Endpoint);
        var tally = new Tally();
        await new DifferentialRun(target.Endpoint, ollama).RunAsync(streams, tally, progress);
        return tally;
    }
}
