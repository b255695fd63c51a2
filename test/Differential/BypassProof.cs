using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using FastGate.Test.Httplib;
using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>The long form of <see cref="DifferentialTests"/>, with streams, seed and target of one's choice.</summary>
internal static class BypassProof
{
    private static readonly Option<int> Streams = new("--streams")
    {
        Description = "How many streams.",
        DefaultValueFactory = _ => 20_000,
    };
    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "What they are made from.",
        DefaultValueFactory = _ => Environment.TickCount & 0xffffff,
    };
    private static readonly Option<int?> Only = new("--only")
    {
        Description = "The number of one stream: sends it alone and shows it.",
    };
    private static readonly Option<string> Backend = new("--backend")
    {
        Description = "epoll, kqueue or portable.",
        DefaultValueFactory = _ => Named(Ways.Best),
    };
    private static readonly Option<string> Through = new("--through")
    {
        Description = "What is attacked.",
        DefaultValueFactory = _ => "gate",
    };

    private static readonly Option<string> Witness = new("--witness")
    {
        Description = "The server behind it: go, or one that reads as a version of cpp-httplib does.",
        DefaultValueFactory = _ => Go,
    };

    private const string Go = "go";
    private const int CouldNotRun = 2;

    /// <summary>By their names on the command line.</summary>
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

    /// <returns>0 when nothing was found, 1 when something was, 2 when it could not run.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var command = new RootCommand("Sends hostile streams through a gate to an HTTP server and says what came past.")
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
        catch (Exception missing)
            when (missing
                    is UnitTestAssertException
                        or IOException
                        or SocketException
                        or TimeoutException
                        or InvalidOperationException
            )
        {
            // Without Go or HAProxy nothing was measured: not a failure of the gate.
            Console.Error.WriteLine(missing.Message);
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

    // Its responses prove nothing, so only the requests that it received are checked.
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
