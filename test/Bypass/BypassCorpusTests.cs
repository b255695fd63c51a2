using FastGate.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Bypass;

/// <summary>Each stream of <c>test/Corpus/bypass</c> has the outcome that its file states, however it is cut.</summary>
[TestClass]
public sealed class BypassCorpusTests
{
    /// <summary>The classes that must have cases, by file.</summary>
    private static readonly Dictionary<string, string[]> Classes = new()
    {
        ["request-line"] =
        [
            "White space in the request line",
            "Versions",
            "Two targets, two versions",
            "Methods",
            "Bytes before the first request",
            "Bytes between two requests",
            "No version",
        ],
        ["targets"] =
        [
            "Absolute-form",
            "Authority-form",
            "Asterisk-form",
            "No slash at the beginning",
            "Dot segments",
            "Dot segments, encoded",
            "Percent-encoding",
            "Percent-encoding, twice",
            "Percent-encoding, broken",
            "An encoded slash",
            "Backslash",
            "Fragment and other delimiters",
            "Empty segments",
            "NUL and other control bytes",
            "Bytes above ASCII",
            "A longer or shorter name than a rule",
            "Routes without a rule",
        ],
        ["line-ends"] =
        [
            "Bare LF",
            "Bare CR",
            "CR CR LF",
            "Control bytes in a value",
            "A line that is empty for one reader only",
            "Folding",
            "C1 and no-break space",
        ],
        ["fields"] =
        [
            "A name with white space",
            "A name that is not a token",
            "A name with an underscore",
            "A name that resembles another",
            "Host",
            "Fields that override the request line elsewhere",
            "Many field lines",
            "Long lines and heads",
        ],
        ["lengths"] =
        [
            "Signs, bases, exponents, fractions",
            "Overflow",
            "Lists",
            "No digits",
            "Bytes around the digits",
            "Duplicate and conflicting lengths",
            "A name that only some read as Content-Length",
            "Valid lengths",
        ],
        ["transfer-encoding"] =
        [
            "Plain",
            "Together with a length",
            "Bytes around the coding",
            "Lists and parameters",
            "Another coding, or none",
            "Fields that do not frame content",
            "Two lines",
            "A name that only some read as Transfer-Encoding",
            "Letters that resemble others",
            "In HTTP/1.0",
            "HTTP/1.0 without it",
        ],
        ["chunks"] =
        [
            "Sizes: signs, prefixes, other bytes",
            "Sizes: white space",
            "Sizes: many digits, overflow",
            "Sizes: none",
            "Extensions",
            "Line ends of a size line",
            "Missing CRLF after the data",
            "LF endings",
            "Spellings of zero",
            "Trailers",
            "Valid chunks",
        ],
        ["connections"] =
        [
            "Content on GET and HEAD",
            "No framing on POST",
            "Connection: close, then more",
            "Not quite close",
            "Connection names a field",
            "Expect",
            "Expect that Go refuses",
            "Upgrade",
            "A 101",
            "A response while content is still arriving",
            "An early response, and content that Go does not wait for",
            "Responses without content",
            "Responses that end the connection",
            "Responses with extra bytes",
            "Interim responses and trailers",
            "After an allowed request",
            "After a refused request",
            "After a refused request with content",
        ],
        ["protocols"] = ["TLS", "HTTP/2 preface", "PROXY protocol", "Resembles HTTP", "Anything else"],
    };

    [TestMethod]
    public void EveryClass_HasCases()
    {
        CollectionAssert.AreEquivalent(Classes.Keys, BypassCorpus.Files.Keys.ToArray());
        foreach (var (file, streams) in BypassCorpus.Files)
            CollectionAssert.AreEqual(
                Classes[file],
                streams.Select(stream => stream.Section).Distinct().ToArray(),
                file
            );
    }

    [TestMethod]
    public void NoStream_OccursTwice()
    {
        var all = BypassCorpus
            .Files.Values.SelectMany(streams => streams)
            .GroupBy(stream => (stream.Section, stream.Written))
            .Where(group => group.Count() > 1);
        Assert.IsEmpty(all.Select(group => group.Key.Written));
    }

    [TestMethod]
    public void Corpus_ExpectsNothingForbidden()
    {
        var forbidden =
            from streams in BypassCorpus.Files.Values
            from stream in streams
            from arrival in stream.Expected.Arrivals
            where !SeedAllowlist.Allows(arrival.Method, Uri.UnescapeDataString(arrival.Path))
            select stream.ToString();
        Assert.IsEmpty(forbidden);
    }

    /// <summary>A file that delivers nothing even without a gate proves nothing.</summary>
    [TestMethod]
    public async Task WithoutAGate_EachFileDeliversSomethingForbidden()
    {
        await using var ollama = await GoOllama.StartAsync();
        foreach (var (file, streams) in BypassCorpus.Files)
        {
            await Parallel.ForEachAsync(
                streams,
                async (stream, _) => await StreamRun.SendAsync(ollama.Endpoint, stream.Parts, Pieces.Whole)
            );
            var reports = await ollama.SyncAsync();
            Assert.IsTrue(reports.Any(report => !SeedAllowlist.Allows(report.Method, report.Path)), file);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Gated))]
    public async Task ThroughAGate_EachHasItsExpectedOutcome(Way way, string file)
    {
        var wrong = new List<string>();
        await using var ollama = await GoOllama.StartAsync();
        var log = new RecordingLogger();
        // All clients have the same address, and a connection that was refused with content keeps its slot for a while.
        var options = RunningGate.Options(ollama.Endpoint, way, ["@seed"]) with
        {
            Limits = new GateLimits { ConnectionsMax = 8192, ConnectionsPerPeerMax = 8192 },
        };
        await using var gate = new RunningGate(await GateServer.StartAsync(options, TimeProvider.System, log));
        foreach (var (index, stream) in BypassCorpus.Files[file].Index())
        {
            var violations = await CorpusRun.ViolationsAsync(gate.Endpoint, ollama, stream, Cuts(stream, way, index));
            if (violations.Count > 0)
                wrong.Add($"{stream}\n    {string.Join("\n    ", violations)}");
        }
        // The log shows whether the gate refused connections or failed, which would not be the outcome of a stream.
        var logged = log
            .Lines.Where(line => line.Level > LogLevel.Information)
            .Select(line => $"Gate log: {line.Text}");
        Assert.IsEmpty(wrong, string.Join('\n', wrong.Concat(logged)));
    }

    public static IEnumerable<(Way, string)> Gated() =>
        from file in BypassCorpus.Files.Keys.Index()
        from way in Ways.InTurns(file.Index)
        select (way, file.Item);

    /// <summary>
    /// Every offset of a stream of up to 319 bytes, otherwise some, evenly spread. Of these, the default backend runs
    /// all in the long form and every fourth in the short form, the others every eighth.
    /// </summary>
    private static IEnumerable<int> Cuts(CorpusStream stream, Way way, int index)
    {
        int length = stream.Parts.Sum(part => part.Length);
        int cutsMax = length < 2000 ? 160 : 24;
        int step = Math.Max(1, length / cutsMax) * (way == Ways.Best ? LongForm.Choose(all: 1, share: 4) : 8);
        for (int cut = 1 + (index % step); cut < length; cut += step)
            yield return cut;
    }
}
