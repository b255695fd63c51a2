using System.Buffers;
using System.Text;
using System.Text.Json;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

/// <summary>The reason phrase of every refusal, which is all that some clients show; it never contains a line
/// end.</summary>
[TestClass]
public sealed class ReasonTests
{
    private delegate void Write(IBufferWriter<byte> to);

    [TestMethod]
    public void Policy_NamesTheRequestAndTheCure()
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
    public void OtherRefusals_HaveTheirSentence()
    {
        Assert.AreEqual(
            "HTTP/1.1 403 Refused by FastGate: the host \"ollama.example.com\" is not one of its names; "
                + "to accept it, add \"ollama.example.com\" to \"hosts\" in fastgate.json",
            Line(to => ReplyWriter.WriteHost(to, "GET"u8, "/"u8, "ollama.example.com:11434"u8, close: false))
        );
        Assert.AreEqual(
            "HTTP/1.1 426 Refused by FastGate: WebSocket connections are not supported; send POST "
                + "/v1/responses over plain HTTP/1.1 instead",
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
                + "Raise the limit on open files (ulimit -n), or lower \"limits.connectionsMax\" in fastgate.json",
            Line(to => ReplyWriter.WriteShortage(to, "POST"u8, "/x"u8, close: false))
        );
        Assert.AreEqual(
            "HTTP/1.1 408 FastGate timed out waiting for the rest of the request",
            Line(ReplyWriter.WriteTimeout)
        );
        Assert.StartsWith(
            "HTTP/1.1 502 FastGate got no valid response to POST /api/chat from Ollama at 127.0.0.1:11434. Look for",
            Line(to => ReplyWriter.WriteBadResponse(to, "POST"u8, "/api/chat"u8, "127.0.0.1:11434"u8, close: true))
        );
    }

    [TestMethod]
    public void EveryFault_HasItsSentence()
    {
        foreach (HeadFault fault in Enum.GetValues<HeadFault>().Where(fault => HeadFaultTexts.Of(fault).Status != 0))
        {
            string line = Line(to => ReplyWriter.WriteFault(to, fault, 4096, "/api/x"u8, headRequest: false));
            string expected =
                $"HTTP/1.1 {HeadFaultTexts.Of(fault).Status} Refused by FastGate: {HeadFaultTexts.Of(fault).Sentence}";
            if (fault == HeadFault.HeadTooLarge)
                expected += "; the limit is 4096 bytes (\"limits.headBytesMax\" in fastgate.json)";
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
        "list all models with GET /v1/models"
    )]
    [DataRow("/api%2Ftags", HeadFault.TargetEncodedSlash, "servers interpret differently")]
    public void FaultOfPath_HasItsCure(string path, object fault, string cure)
    {
        var to = new ArrayBufferWriter<byte>();
        ReplyWriter.WriteFault(to, (HeadFault)fault, 0, Encoding.ASCII.GetBytes(path), headRequest: false);
        Assert.Contains(cure, Encoding.UTF8.GetString(to.WrittenSpan).Split("\r\n\r\n")[1]);
    }

    /// <summary>Any bytes make one line of visible ASCII, of bounded length, from which the bytes can be
    /// recovered.</summary>
    [TestMethod]
    public void AnyBytes_AreOneLineOfVisibleAscii()
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
            CheckLine(to => ReplyWriter.WriteFault(to, HeadFault.TargetByte, 0, piece, headRequest: false));
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

    /// <summary>"hosts" accepts the name in the cure as it is; a name that it does not accept is not offered.</summary>
    [TestMethod]
    [DataRow("ollama.example.com:11434", "ollama.example.com")]
    [DataRow("Ollama.Example.com.", "Ollama.Example.com")]
    [DataRow("a_b.example.com.:80", "a_b.example.com")]
    [DataRow("evil..com", null)]
    [DataRow(".local", null)]
    [DataRow("evil.com..", null)]
    [DataRow(".", null)]
    [DataRow("..", null)]
    public void HostCure_NamesWhatHostsAccepts(string host, string? name)
    {
        string message = HostSentence(host);
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
    public void LongHost_IsOfferedOrRejected()
    {
        string longest = $"{string.Join('.', Enumerable.Repeat(new string('a', 62), 4))}.b";
        Assert.AreEqual(253, longest.Length);
        Assert.Contains($"add \"{longest}\" to", HostSentence(longest));
        Assert.Contains("is not a valid host name", HostSentence(longest + "b"));
    }

    private static string HostSentence(string host)
    {
        var to = new ArrayBufferWriter<byte>();
        ReplyWriter.WriteHost(to, "GET"u8, "/"u8, Encoding.ASCII.GetBytes(host), close: true);
        string body = Encoding.UTF8.GetString(to.WrittenSpan).Split("\r\n\r\n")[1];
        return JsonDocument.Parse(body).RootElement.GetProperty("error").GetString()!;
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
