using System.Buffers;
using System.Text;
using System.Text.Json;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

[TestClass]
public sealed class ReplyWriterTests
{
    private const string Limit = "; the limit is 4096 bytes (\"limits.headBytesMax\" in fastgate.json)";

    private delegate void Write(IBufferWriter<byte> to);

    [TestMethod]
    [DataRow("/v1/messages", Dialect.Anthropic)]
    [DataRow("/v1/messages/count_tokens", Dialect.Anthropic)]
    [DataRow("/v1/v1/messages", Dialect.Anthropic)]
    [DataRow("/v1/messagesx", Dialect.OpenAi)]
    [DataRow("/v1/chat/completions", Dialect.OpenAi)]
    [DataRow("/v1", Dialect.OpenAi)]
    [DataRow("//v1/messages", Dialect.Anthropic)]
    [DataRow("/v1//messages", Dialect.Anthropic)]
    [DataRow("/ollama/v1/messages", Dialect.Anthropic)]
    [DataRow("/v1/messages/v1/messages", Dialect.Anthropic)]
    [DataRow("/messages", Dialect.Anthropic)]
    [DataRow("//v1/chat/completions", Dialect.OpenAi)]
    [DataRow("/ollama/v1/models", Dialect.OpenAi)]
    [DataRow("/chat/completions", Dialect.OpenAi)]
    [DataRow("/api/chat/completions", Dialect.OpenAi)]
    [DataRow("/models", Dialect.OpenAi)]
    [DataRow("/v1beta/models", Dialect.OpenAi)]
    [DataRow("/v1x/messages", Dialect.Ollama)]
    [DataRow("//api/chat", Dialect.Ollama)]
    [DataRow("/v1/v1", Dialect.OpenAi)]
    [DataRow("/", Dialect.Ollama)]
    [DataRow("/api/chat", Dialect.Ollama)]
    [DataRow("", Dialect.Ollama)]
    public void Path_HasItsDialect(string path, object dialect) =>
        Assert.AreEqual(dialect, Dialects.Of(Encoding.ASCII.GetBytes(path)));

    [TestMethod]
    public void PolicyToOllamaClient_IsAPlainError()
    {
        (string head, JsonElement body) = Check(to =>
            ReplyWriter.WritePolicy(to, "POST"u8, "/api/pull"u8, ""u8, close: false)
        );
        Assert.StartsWith(
            "HTTP/1.1 403 Refused by FastGate: POST /api/pull is not on the allowlist\r\nContent-Type: "
                + "application/json\r\n",
            head
        );
        Assert.DoesNotContain("Connection", head);
        Assert.AreEqual(
            "FastGate refused POST /api/pull: it is not on the allowlist; to allow it, add it to "
                + "\"allow\" in fastgate.json.",
            Text(body)
        );
    }

    [TestMethod]
    public void PolicyToAnthropicClient_IsAPermissionError()
    {
        (_, JsonElement body) = Check(to =>
            ReplyWriter.WritePolicy(to, "POST"u8, "/v1/v1/messages"u8, "The base URL must not end in /v1 …"u8, true)
        );
        Assert.AreEqual("error", body.GetProperty("type").GetString());
        Assert.AreEqual("permission_error", body.GetProperty("error").GetProperty("type").GetString());
        Assert.EndsWith(
            "The base URL must not end in /v1 ….",
            body.GetProperty("error").GetProperty("message").GetString()
        );
    }

    [TestMethod]
    public void PolicyToOpenAiClient_HasAllFourMembers()
    {
        (string head, JsonElement body) = Check(to =>
            ReplyWriter.WritePolicy(to, "GET"u8, "/v1/files"u8, "Cure."u8, close: true)
        );
        Assert.Contains("\r\nConnection: close\r\n", head);
        JsonElement error = body.GetProperty("error");
        Assert.AreEqual("permission_error", error.GetProperty("type").GetString());
        Assert.AreEqual("fastgate_refused", error.GetProperty("code").GetString());
        Assert.AreEqual(JsonValueKind.Null, error.GetProperty("param").ValueKind);
        Assert.AreEqual(
            "FastGate refused GET /v1/files: it is not on the allowlist; Cure..",
            error.GetProperty("message").GetString()
        );
    }

    [TestMethod]
    public void AnyBytes_AreOneJsonString()
    {
        byte[] all = [.. Enumerable.Range(0, 128).Select(value => (byte)value)];
        byte[] high = [.. Enumerable.Range(128, 128).Select(value => (byte)value)];
        (_, JsonElement body) = Check(to => ReplyWriter.WriteHost(to, all, high, all, close: true));
        Assert.Contains(Encoding.Latin1.GetString(all), Text(body));
        Assert.Contains(Encoding.Latin1.GetString(high), Text(body));
    }

    [TestMethod]
    public void LongPath_IsCutAt128Bytes()
    {
        byte[] path = [(byte)'/', .. Enumerable.Repeat((byte)'a', 128)];
        (_, JsonElement body) = Check(to => ReplyWriter.WritePolicy(to, "GET"u8, path, ""u8, close: true));
        Assert.Contains($" /{new string('a', 127)}…: it", Text(body));
    }

    [TestMethod]
    public void LongCure_LeavesTheJsonValid() =>
        Check(to =>
            ReplyWriter.WritePolicy(to, "GET"u8, "/v1/x"u8, Encoding.UTF8.GetBytes(new string('"', 9000)), close: true)
        );

    [TestMethod]
    public void Unavailable_HasRetryAfter()
    {
        (string head, JsonElement body) = Check(to =>
            ReplyWriter.WriteUnavailable(to, "POST"u8, "/api/chat"u8, "127.0.0.1:11434"u8, close: false)
        );
        Assert.StartsWith("HTTP/1.1 503 ", head);
        Assert.Contains("\r\nRetry-After: 1\r\n", head);
        Assert.Contains("Ollama does not answer at 127.0.0.1:11434", Text(body));
    }

    [TestMethod]
    public void BadResponse_NamesTheUpstream()
    {
        (string head, JsonElement body) = Check(to =>
            ReplyWriter.WriteBadResponse(to, "POST"u8, "/api/chat"u8, "127.0.0.1:11434"u8, close: true)
        );
        Assert.StartsWith("HTTP/1.1 502 ", head);
        Assert.Contains("\r\nConnection: close\r\n", head);
        Assert.Contains("FastGate got no valid response to POST /api/chat from Ollama at 127.0.0.1:11434", Text(body));
    }

    [TestMethod]
    public void Timeout_Is408AndCloses()
    {
        (string head, _) = Check(ReplyWriter.WriteTimeout);
        Assert.StartsWith("HTTP/1.1 408 ", head);
        Assert.Contains("\r\nConnection: close\r\n", head);
    }

    [TestMethod]
    public void EveryFault_HasItsStatusAndCloses()
    {
        foreach (HeadFault fault in Enum.GetValues<HeadFault>().Where(fault => HeadFaultTexts.Of(fault).Status != 0))
        {
            (string head, JsonElement body) = Check(to =>
                ReplyWriter.WriteFault(to, fault, 4096, "/api/x"u8, headRequest: false)
            );
            Assert.StartsWith($"HTTP/1.1 {HeadFaultTexts.Of(fault).Status} ", head);
            Assert.Contains("\r\nConnection: close\r\n", head);
            string limit = fault == HeadFault.HeadTooLarge ? Limit : "";
            Assert.AreEqual(
                $"FastGate refused this request for /api/x: {HeadFaultTexts.Of(fault).Sentence}{limit}.",
                Text(body)
            );
        }
    }

    [TestMethod]
    public void Tls_HasNoReply()
    {
        var to = new ArrayBufferWriter<byte>();
        ReplyWriter.WriteFault(to, HeadFault.ClientSpokeTls, 0, [], headRequest: false);
        Assert.AreEqual(0, to.WrittenCount);
    }

    [TestMethod]
    public void HeadRequest_GetsTheSameHeadWithoutContent()
    {
        var head = new ArrayBufferWriter<byte>();
        var get = new ArrayBufferWriter<byte>();
        ReplyWriter.WritePolicy(head, "HEAD"u8, "/x"u8, "Cure."u8, close: false);
        ReplyWriter.WritePolicy(get, "LEAD"u8, "/x"u8, "Cure."u8, close: false);
        Assert.EndsWith("\r\n\r\n", Encoding.UTF8.GetString(head.WrittenSpan));
        // The reason phrase names the method.
        string expected = Encoding
            .UTF8.GetString(head.WrittenSpan)
            .Replace("HEAD /x", "LEAD /x", StringComparison.Ordinal);
        Assert.StartsWith(expected, Encoding.UTF8.GetString(get.WrittenSpan));
    }

    [TestMethod]
    public void Host_NamesTheSetting()
    {
        (_, JsonElement body) = Check(to => ReplyWriter.WriteHost(to, "GET"u8, "/"u8, "evil.com"u8, close: false));
        Assert.AreEqual(
            "FastGate refused GET /: the host \"evil.com\" is not one of its names; to accept it, add \"evil.com\" to "
                + "\"hosts\" in fastgate.json.",
            Text(body)
        );
    }

    [TestMethod]
    public void Refusals_AllocateNothing()
    {
        var to = new ArrayBufferWriter<byte>(16384);
        for (int round = 0; round < 2; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            to.ResetWrittenCount();
            ReplyWriter.WritePolicy(to, "POST"u8, "/v1/files"u8, "Cure."u8, close: true);
            ReplyWriter.WriteHost(to, "POST"u8, "/v1/messages"u8, "evil.com"u8, close: true);
            ReplyWriter.WriteUnavailable(to, "POST"u8, "/api/chat"u8, "127.0.0.1:11434"u8, close: false);
            ReplyWriter.WriteFault(to, HeadFault.BareLineFeed, 0, "/"u8, headRequest: false);
            ReplyWriter.WriteFault(to, HeadFault.HeadTooLarge, 4096, "/"u8, headRequest: false);
            if (round > 0)
                Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    /// <summary>Asserts one whole response with an exact Content-Length, and returns its head and its JSON.</summary>
    private static (string Head, JsonElement Body) Check(Write write)
    {
        var to = new ArrayBufferWriter<byte>();
        write(to);
        ResponseHead head = default;
        Assert.AreEqual(ScanResult.Complete, ResponseHeadScanner.Scan(to.WrittenSpan, ref head));
        Assert.AreEqual(to.WrittenCount, head.HeadLength + head.ContentLength);
        string text = Encoding.UTF8.GetString(to.WrittenSpan[..head.HeadLength]);
        Assert.AreEqual(head.EndsConnection, text.Contains("close", StringComparison.Ordinal), text);
        return (text, JsonDocument.Parse(to.WrittenMemory[head.HeadLength..]).RootElement);
    }

    private static string Text(JsonElement body) => body.GetProperty("error").GetString() ?? "";
}
