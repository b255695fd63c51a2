using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>
/// Many generated streams through the gate to Go's server: nothing forbidden arrives, nothing is altered, nothing
/// hangs, and nothing valid is refused. The longer form is <c>dotnet run -c Release --project test -- bypass</c>.
/// </summary>
[TestClass]
public sealed class DifferentialTests
{
    private const int Seed = 20261121;
    private const int ControlStreams = 2000;

    private static readonly int BestStreams = LongForm.Choose(all: 16_000, share: 5000);
    private static readonly int OtherStreams = LongForm.Choose(all: 3000, share: 1000);

    [TestMethod]
    [DynamicData(nameof(Shares))]
    public async Task Gate_PassesNothingForbidden(Way backend, int first, int streams)
    {
        var tally = await RunAsync(backend, first, streams);
        Assert.IsEmpty(tally.Violations, $"seed {Seed}: {tally}\n{string.Join('\n', tally.Violations.Take(5))}");
        Assert.AreEqual(streams, tally.Streams);
        Assert.IsGreaterThan(streams, tally.Arrived, "too few requests arrived to prove anything");
    }

    /// <summary>Different streams for each backend; the default backend gets most of them.</summary>
    public static IEnumerable<(Way, int, int)> Shares() =>
        Ways.All.Select(
            (way, number) =>
                number == 0 ? (way, 0, BestStreams) : (way, BestStreams + ((number - 1) * OtherStreams), OtherStreams)
        );

    /// <summary>Checks that the test can fail: known leaks are detected.</summary>
    [TestMethod]
    [DataRow("haproxy")]
    [DataRow("first-request-only")]
    [DataRow("direct")]
    public async Task KnownLeak_IsFound(string target)
    {
        var tally = await LeakRun.RunAsync(
            target,
            Enumerable.Range(0, ControlStreams).Select(new StreamSource(Seed).Make)
        );
        Assert.IsGreaterThan(0, tally.Count(ViolationKind.Forbidden), $"{target}: {tally}");
    }

    [TestMethod]
    public void Source_IsDeterministic()
    {
        var once = new StreamSource(Seed);
        var again = new StreamSource(Seed);
        foreach (int index in Enumerable.Range(0, 2000))
        {
            Assert.AreEqual(once.Make(index).Text, again.Make(index).Text);
            CollectionAssert.AreEqual(once.Make(index).Cuts.ToArray(), again.Make(index).Cuts.ToArray());
        }
        Assert.AreNotEqual(once.Make(300).Text, new StreamSource(Seed + 1).Make(300).Text);
    }

    /// <summary>
    /// Plain streams, and many others, contain requests that must pass; otherwise wrong refusals could not be detected.
    /// </summary>
    [TestMethod]
    public void Source_HasPlainStreamsThatMustPass()
    {
        var source = new StreamSource(Seed);
        var cases = Enumerable.Range(0, 5000).Select(source.Make).ToArray();
        foreach (var plain in cases.Where(stream => stream.Kind == "plain"))
            Assert.IsTrue(StrictReader.Read(plain.Text).IsClean, plain.ToString());
        int required = cases.Count(stream => Expectation.Of(stream.Text).TailIsRequired);
        Assert.IsGreaterThan(1000, required);
        Assert.IsLessThan(4000, required);
    }

    private static async Task<Tally> RunAsync(Way backend, int first, int count)
    {
        await using var ollama = await GoOllama.StartAsync();
        await using var target = await Target.OpenAsync("gate", backend, ollama.Endpoint);
        var tally = new Tally();
        await new DifferentialRun(target.Endpoint, ollama).RunAsync(
            Enumerable.Range(first, count).Select(new StreamSource(Seed).Make),
            tally
        );
        return tally;
    }
}
