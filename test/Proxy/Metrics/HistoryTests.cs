using System.Text;
using System.Text.Json;
using FastGate.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Metrics;

[TestClass]
public sealed class HistoryTests
{
    private const int Allowed = 0;
    private const int Refused = 1;

    private readonly TestTimeProvider _time = new();
    private readonly Tally[] _tallies =
    [
        new(loop: 0, listeners: 2, verdicts: 2),
        new(loop: 1, listeners: 2, verdicts: 2),
    ];
    private readonly History _history;

    public HistoryTests() => _history = new History(_tallies, [false, true], _time);

    [TestMethod]
    public void Steps_HaveTheRatesOfTheExchangesThatEndedInThem()
    {
        DateTimeOffset began = _time.GetUtcNow();
        Exchange(30, Allowed, milliseconds: 10);
        Exchange(10, Refused, milliseconds: -1, loop: 1, listener: 1);
        _time.Advance(TimeSpan.FromSeconds(25));
        Exchange(5, Allowed, milliseconds: 500, loop: 1);
        _time.Advance(TimeSpan.FromSeconds(10));
        HistorySnapshot history = _history.Take();
        Assert.AreEqual(began.AddSeconds(30), history.Until);
        Assert.AreEqual("- 4 0 0.5", Last(4, history.RequestsPerSecond));
        Assert.AreEqual("- 1 0 0", Last(4, history.RefusedPerSecond));
        double?[] times = [.. history.FirstByteP50Seconds.TakeLast(3)];
        Assert.IsNull(times[1]);
        Assert.IsTrue(times[0] is >= 0.010 and <= 0.01125, $"{times[0]} s, an eighth too large at most");
        Assert.IsTrue(times[2] is >= 0.5 and <= 0.5625, $"{times[2]} s");
    }

    [TestMethod]
    public void StepInProgress_IsNotShown()
    {
        Exchange(30, Allowed, milliseconds: 10);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.IsTrue(_history.Take().RequestsPerSecond.All(value => value is null));
        Assert.AreEqual(_time.GetUtcNow().AddSeconds(-9.9), _history.Take().Until);
    }

    [TestMethod]
    public void OldSteps_GiveWay()
    {
        Exchange(10, Allowed, milliseconds: 10);
        for (int step = 0; step < History.Steps; step++)
        {
            _time.Advance(TimeSpan.FromSeconds(History.StepSeconds));
            Exchange(20, Allowed, milliseconds: 10);
        }
        Assert.AreEqual("1 2", First(2, _history.Take().RequestsPerSecond));
        _time.Advance(TimeSpan.FromSeconds(History.StepSeconds));
        Assert.AreEqual("2 2", First(2, _history.Take().RequestsPerSecond));
        Assert.HasCount(History.Steps, _history.Take().RequestsPerSecond);
    }

    [TestMethod]
    public void IdleGate_HasZeros_AndWhileItsMachineSleepsNothing()
    {
        Exchange(10, Allowed, milliseconds: 10);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.AreEqual("- 1 0 0", Last(4, _history.Take().RequestsPerSecond));
        // The clock of timestamps stands still in sleep.
        _time.Jump(TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(10));
        HistorySnapshot history = _history.Take();
        Assert.AreEqual("1 0 0 0 - - - - - -", Last(10, history.RequestsPerSecond));
        Assert.AreEqual(_time.GetUtcNow(), history.Until);
        // Hours: every step is over.
        _time.Advance(TimeSpan.FromDays(2));
        Assert.IsTrue(_history.Take().RequestsPerSecond.All(value => value == 0));
    }

    [TestMethod]
    public void ClockThatIsCorrected_LosesNoStep()
    {
        _time.Jump(TimeSpan.FromHours(-1));
        Exchange(10, Allowed, milliseconds: 10);
        _time.Advance(TimeSpan.FromSeconds(10));
        HistorySnapshot history = _history.Take();
        Assert.AreEqual("- 1", Last(2, history.RequestsPerSecond));
        Assert.AreEqual(_time.GetUtcNow(), history.Until);
    }

    [TestMethod]
    public void Json_HasNullsWhereNothingIsKnown()
    {
        Exchange(5, Refused, milliseconds: -1);
        _time.Advance(TimeSpan.FromSeconds(10));
        JsonElement json = JsonDocument.Parse(SnapshotJson.Write(_history.Take())).RootElement;
        Assert.AreEqual(10, json.GetProperty("stepSeconds").GetInt32());
        Assert.AreEqual(_time.GetUtcNow(), json.GetProperty("until").GetDateTimeOffset());
        Assert.AreEqual(History.Steps, json.GetProperty("requestsPerSecond").GetArrayLength());
        Assert.AreEqual(0.5, json.GetProperty("refusedPerSecond")[359].GetDouble());
        Assert.AreEqual(JsonValueKind.Null, json.GetProperty("refusedPerSecond")[358].ValueKind);
        Assert.AreEqual(JsonValueKind.Null, json.GetProperty("firstByteP50Seconds")[359].ValueKind);
    }

    [TestMethod]
    public void ClosingSteps_AllocatesNothing()
    {
        Advance(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Advance(100_000);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Advance(int times)
        {
            long now = _time.GetTimestamp();
            for (int i = 0; i < times; i++)
            {
                _history.Advance(now += 4 * _time.TimestampFrequency);
                _tallies[0].FirstByte.Record(i);
            }
        }
    }

    private void Exchange(int times, int verdict, double milliseconds, int loop = 0, int listener = 0)
    {
        for (int i = 0; i < times; i++)
        {
            _history.Advance(_time.GetTimestamp());
            _tallies[loop]
                .Add(
                    new ExchangeMetrics
                    {
                        Listener = listener,
                        Verdict = verdict,
                        GateNanoseconds = -1,
                        FirstByteNanoseconds = milliseconds < 0 ? -1 : (long)(milliseconds * 1e6),
                    }
                );
        }
    }

    private static string Last(int count, IReadOnlyList<double?> values) => Text(values.TakeLast(count));

    private static string First(int count, IReadOnlyList<double?> values) => Text(values.Take(count));

    private static string Text(IEnumerable<double?> values) =>
        new StringBuilder()
            .AppendJoin(' ', values.Select(value => value is { } known ? FormattableString.Invariant($"{known}") : "-"))
            .ToString();
}
