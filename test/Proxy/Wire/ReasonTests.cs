using System.Buffers;
using System.Text;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

/// <summary>The reason phrase of every refusal: the sentence that some clients show alone, and nothing that could end
/// the line.</summary>
[TestClass]
public sealed class ReasonTests
{
    private delegate void Write(IBufferWriter<byte> to);

    [TestMethod]
    public void Policy_SaysWhatIsRefusedAndTheCure()
    {
        Assert.AreEqual(
            "HTTP/1.1 403 Refused by FastGate: POST /api/pull is not on the allowlist",
            Line(to => ReplyWriter.WritePolicy(to, "POST"u8, "/api/pull"u8, ""u8, close: false))
        );
        Assert.AreEqual(
            "HTTP/1.1 403 Refused by FastGate: GET /api/ps is not on the allowlist; add \"@clients\" to \"allow\"",
            Line(to =>
                ReplyWriter.WritePolicy(to, "GET"u8, "/api/ps"u8, "add \"@clients\" to \"allow\""u8, close: true)
            )
        );
    }

    [TestMethod]
    public void OtherRefusals_SayTheirSentence()
    {
        Assert.AreEqual(
            "HTTP/1.1 403 Refused by FastGate: the host \"ollama.example.com\" is not one of its names; "
                + "to accept it, add \"ollama.example.com\" to \"hosts\" in fastgate.json",
            Line(to => ReplyWriter.WriteHost(to, "GET"u8, "/"u8, "ollama.example.com:11434"u8, close: false))
        );
        Assert.AreEqual(
            "HTTP/1.1 426 Refused by FastGate: it does not forward WebSocket connections; send POST "
                + "/v1/responses over plain HTTP/1.1",
            Line(to => ReplyWriter.WriteUpgrade(to, "GET"u8, "/v1/responses"u8, close: false))
        );
        Assert.AreEqual(
            "HTTP/1.1 503 FastGate could not forward POST /api/chat: Ollama does not answer at "
                + "127.0.0.1:11434. Start Ollama (ollama serve) and try again",
            Line(to => ReplyWriter.WriteUnavailable(to, "POST"u8, "/api/chat"u8, "127.0.0.1:11434"u8, close: false))
        );
        Assert.AreEqual(
            "HTTP/1.1 503 FastGate could not forward POST /x: it has no file descriptors left for a "
                + "connection to Ollama. "
                + "Raise the limit of open files (ulimit -n), or lower \"limits.connectionsMax\" in fastgate.json",
            Line(to => ReplyWriter.WriteShortage(to, "POST"u8, "/x"u8, close: false))
        );
        Assert.AreEqual(
            "HTTP/1.1 408 FastGate gave up waiting for the rest of the request",
            Line(ReplyWriter.WriteTimeout)
        );
        Assert.StartsWith(
            "HTTP/1.1 502 Ollama at 127.0.0.1:11434 gave no answer to POST /api/chat that FastGate could forward",
            Line(to => ReplyWriter.WriteBadResponse(to, "POST"u8, "/api/chat"u8, "127.0.0.1:11434"u8, close: true))
        );
    }

    [TestMethod]
    public void EveryFault_SaysItsSentence()
    {
        foreach (HeadFault fault in Enum.GetValues<HeadFault>().Where(fault => HeadFaultTexts.Of(fault).Status != 0))
        {
            string line = Line(to => ReplyWriter.WriteFault(to, fault, "/api/x"u8, headRequest: false));
            string expected =
                $"HTTP/1.1 {HeadFaultTexts.Of(fault).Status} Refused by FastGate: {HeadFaultTexts.Of(fault).Sentence}";
            if (line.EndsWith("...", StringComparison.Ordinal))
                line = line[..^3];
            Assert.IsTrue(expected.StartsWith(line, StringComparison.Ordinal) && line.Length > 40, line);
        }
    }

    [TestMethod]
    [DataRow("//v1/messages", HeadFault.TargetEmptySegment, "remove the slash at the end of the client's base URL")]
    [DataRow(
        "/v1//chat/completions",
        HeadFault.TargetEmptySegment,
        "remove the slash at the end of the client's base URL"
    )]
    [DataRow("/api/tags/", HeadFault.TargetEmptySegment, "remove the slash at the end of the path")]
    [DataRow(
        "/v1/models/hf.co%2Fmaker%2Fmodel:Q4",
        HeadFault.TargetEncodedSlash,
        "ask for the list with GET /v1/models"
    )]
    [DataRow("/api%2Ftags", HeadFault.TargetEncodedSlash, "servers read in different ways")]
    public void FaultOfAPath_SaysWhatHelps(string path, object fault, string cure)
    {
        var to = new ArrayBufferWriter<byte>();
        ReplyWriter.WriteFault(to, (HeadFault)fault, Encoding.ASCII.GetBytes(path), headRequest: false);
        Assert.Contains(cure, Encoding.UTF8.GetString(to.WrittenSpan).Split("\r\n\r\n")[1]);
    }

    /// <summary>Whatever bytes there are: one line, visible ASCII, of bounded length, and what was sent can be told
    /// from it.</summary>
    [TestMethod]
    public void AnyBytes_StayInOneLineOfVisibleAscii()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        byte[][] pieces =
        [
            .. all.Chunk(16),
            all,
            "\r\nSet-Cookie: a=b\r\n\r\n<html>"u8.ToArray(),
            [0xC3],
            new byte[9000],
        ];
        foreach (byte[] piece in pieces)
        {
            CheckLine(to => ReplyWriter.WritePolicy(to, piece, piece, piece, close: true));
            CheckLine(to => ReplyWriter.WriteHost(to, piece, piece, piece, close: true));
            CheckLine(to => ReplyWriter.WriteUpgrade(to, piece, piece, close: true));
            CheckLine(to => ReplyWriter.WriteUnavailable(to, piece, piece, piece, close: true));
            CheckLine(to => ReplyWriter.WriteFault(to, HeadFault.TargetByte, piece, headRequest: false));
        }
        Assert.Contains(
            "POST /a%0D%0AX%00%FF is not",
            Line(to => ReplyWriter.WritePolicy(to, "POST"u8, [.. "/a\r\nX\0"u8, 0xFF], ""u8, close: true))
        );
    }

    [TestMethod]
    public void LongPath_LeavesRoomForTheRest()
    {
        byte[] path = Encoding.ASCII.GetBytes($"/{new string('a', 500)}");
        string line = Line(to => ReplyWriter.WritePolicy(to, "GET"u8, path, "the cure"u8, close: true));
        Assert.AreEqual(
            $"HTTP/1.1 403 Refused by FastGate: GET /{new string('a', 63)}... is not on the allowlist; the cure",
            line
        );
    }

    [TestMethod]
    public void LongCure_IsCutWithDots()
    {
        string line = Line(to =>
            ReplyWriter.WritePolicy(to, "GET"u8, "/x"u8, Encoding.ASCII.GetBytes(new string('c', 1000)), close: true)
        );
        Assert.EndsWith("ccc...", line);
        Assert.AreEqual("HTTP/1.1 403 ".Length + WireLimits.ReasonBytesMax, line.Length);
    }

    /// <summary>The cure is fed back as it stands: "hosts" takes it. What it cannot take is not offered.</summary>
    [TestMethod]
    [DataRow("ollama.example.com:11434", "ollama.example.com")]
    [DataRow("Ollama.Example.com.", "Ollama.Example.com")]
    [DataRow("a_b.example.com.:80", "a_b.example.com")]
    [DataRow("evil..com", null)]
    [DataRow(".local", null)]
    [DataRow("evil.com..", null)]
    [DataRow(".", null)]
    [DataRow("..", null)]
    public void HostCure_NamesWhatHostsTakes(string host, string? name)
    {
        string message = ReplyWriter.HostMessage("GET"u8, "/"u8, Encoding.ASCII.GetBytes(host));
        if (name is null)
            Assert.Contains("is not a valid host name; correct the client's base URL.", message);
        else
            Assert.EndsWith(
                $"the host \"{name}\" is not one of its names; to accept it, add \"{name}\" to "
                    + $"\"hosts\" in fastgate.json.",
                message
            );
    }

    [TestMethod]
    public void HostOfAnyLength_IsCutOrWhole()
    {
        string longest = $"{string.Join('.', Enumerable.Repeat(new string('a', 62), 4))}.b";
        Assert.AreEqual(253, longest.Length);
        Assert.Contains(
            $"add \"{longest}\" to",
            ReplyWriter.HostMessage("GET"u8, "/"u8, Encoding.ASCII.GetBytes(longest))
        );
        Assert.Contains(
            "is not a valid host name",
            ReplyWriter.HostMessage("GET"u8, "/"u8, Encoding.ASCII.GetBytes(longest + "b"))
        );
    }

    private static void CheckLine(Write write)
    {
        string line = Line(write);
        Assert.IsTrue(line.All(letter => letter is >= ' ' and <= '~'), line);
        Assert.IsLessThanOrEqualTo("HTTP/1.1 403 ".Length + WireLimits.ReasonBytesMax, line.Length);
        Assert.Contains("FastGate", line);
    }

    private static string Line(Write write)
    {
        var to = new ArrayBufferWriter<byte>();
        write(to);
        ResponseHead head = default;
        Assert.AreEqual(ScanResult.Complete, ResponseHeadScanner.Scan(to.WrittenSpan, ref head));
        return Encoding.Latin1.GetString(to.WrittenSpan).Split("\r\n")[0];
    }
}
