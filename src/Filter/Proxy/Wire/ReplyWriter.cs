using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace FastGate.Proxy.Wire;

/// <summary>Writes the whole HTTP/1.1 responses that the gate gives itself. Allocates nothing.</summary>
internal static class ReplyWriter
{
    /// <summary>The answer to a fault of the head; the connection ends with it. Nothing is written to a TLS
    /// client.</summary>
    public static void WriteFault(IBufferWriter<byte> to, HeadFault fault, ReadOnlySpan<byte> path, bool headRequest)
    {
        int status = HeadFaultTexts.Of(fault).Status;
        if (status == 0)
            return;
        Write(
            to,
            status,
            new Refusal
            {
                Kind = RefusalKind.Fault,
                Fault = fault,
                Path = path,
            },
            headRequest,
            close: true
        );
    }

    /// <summary>403: the allowlist has no such request.</summary>
    /// <param name="cure">What would help, in one UTF-8 sentence; empty for the general one.</param>
    public static void WritePolicy(
        IBufferWriter<byte> to,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> cure,
        bool close
    ) => Write(to, 403, Policy(method, path, cure), IsHead(method), close);

    /// <summary>403: Host is none of the gate's names.</summary>
    public static void WriteHost(
        IBufferWriter<byte> to,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> host,
        bool close
    ) => Write(to, 403, Host(method, path, host), IsHead(method), close);

    /// <summary>426: a WebSocket is asked for on a path that is open for POST; clients then send that.</summary>
    public static void WriteUpgrade(
        IBufferWriter<byte> to,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        bool close
    ) =>
        Write(
            to,
            426,
            new Refusal
            {
                Kind = RefusalKind.Upgrade,
                Method = method,
                Path = path,
            },
            IsHead(method),
            close
        );

    /// <summary>503, and when to try again: Ollama does not answer.</summary>
    /// <param name="upstream">Where it was sought, such as <c>127.0.0.1:11434</c>.</param>
    public static void WriteUnavailable(
        IBufferWriter<byte> to,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> upstream,
        bool close
    )
    {
        var refusal = new Refusal
        {
            Kind = RefusalKind.Unavailable,
            Method = method,
            Path = path,
            Upstream = upstream,
        };
        Write(to, 503, refusal, IsHead(method), close);
    }

    /// <summary>503, and when to try again: the gate itself has nothing left to make a connection with.</summary>
    public static void WriteShortage(
        IBufferWriter<byte> to,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        bool close
    ) =>
        Write(
            to,
            503,
            new Refusal
            {
                Kind = RefusalKind.Shortage,
                Method = method,
                Path = path,
            },
            IsHead(method),
            close
        );

    /// <summary>502: Ollama took the request and ended the connection without an answer, or with one that is
    /// none.</summary>
    /// <param name="upstream">Where it is, such as <c>127.0.0.1:11434</c>.</param>
    public static void WriteBadResponse(
        IBufferWriter<byte> to,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> upstream,
        bool close
    )
    {
        var refusal = new Refusal
        {
            Kind = RefusalKind.BadResponse,
            Method = method,
            Path = path,
            Upstream = upstream,
        };
        Write(to, 502, refusal, IsHead(method), close);
    }

    /// <summary>408: the request did not come whole in time; the connection ends with it.</summary>
    public static void WriteTimeout(IBufferWriter<byte> to) =>
        Write(to, 408, new Refusal { Kind = RefusalKind.Timeout }, headRequest: false, close: true);

    /// <summary>The sentence of <see cref="WritePolicy"/>, for people who ask before they send.</summary>
    public static string PolicyMessage(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> cure) =>
        MessageOf(Policy(method, path, cure));

    /// <summary>The sentence of <see cref="WriteHost"/>.</summary>
    public static string HostMessage(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> host) =>
        MessageOf(Host(method, path, host));

    /// <summary>The sentence of <see cref="WriteFault"/>.</summary>
    public static string FaultMessage(HeadFault fault, ReadOnlySpan<byte> path) =>
        MessageOf(
            new Refusal
            {
                Kind = RefusalKind.Fault,
                Fault = fault,
                Path = path,
            }
        );

    private static Refusal Policy(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> cure) =>
        new()
        {
            Kind = RefusalKind.Policy,
            Method = method,
            Path = path,
            Cure = cure,
        };

    private static Refusal Host(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> host) =>
        new()
        {
            Kind = RefusalKind.Host,
            Method = method,
            Path = path,
            Host = host,
        };

    private static bool IsHead(ReadOnlySpan<byte> method) => method.SequenceEqual("HEAD"u8);

    private static string MessageOf(in Refusal refusal)
    {
        Span<byte> text = stackalloc byte[RefusalBody.BytesMax];
        var writer = new SentenceWriter(text, TextForm.Plain);
        refusal.WriteSentence(ref writer);
        return Encoding.UTF8.GetString(text[..writer.Length]);
    }

    private static void Write(IBufferWriter<byte> to, int status, in Refusal refusal, bool headRequest, bool close)
    {
        Span<byte> body = stackalloc byte[RefusalBody.BytesMax];
        body = body[..RefusalBody.Write(body, refusal, status)];
        WriteStatusLine(to, status, refusal);
        to.Write("Content-Type: application/json\r\nContent-Length: "u8);
        WriteNumber(to, body.Length);
        if (status == 503)
            to.Write("\r\nRetry-After: 1"u8);
        // RFC 9110 §15.5.22: a 426 names the protocol that is spoken here, and §7.8 has it named as an option of the
        // connection.
        if (status == 426)
            to.Write("\r\nUpgrade: HTTP/1.1\r\nConnection: Upgrade"u8);
        if (close)
            to.Write(status == 426 ? ", close"u8 : "\r\nConnection: close"u8);
        to.Write("\r\n\r\n"u8);
        if (!headRequest)
            to.Write(body);
    }

    // The reason phrase (RFC 9112 §4) is free text. OllamaSharp, Microsoft.Extensions.AI and Codex show it and nothing
    // else.
    private static void WriteStatusLine(IBufferWriter<byte> to, int status, in Refusal refusal)
    {
        Span<byte> reason = stackalloc byte[WireLimits.ReasonBytesMax];
        var writer = new SentenceWriter(reason, TextForm.Reason);
        refusal.WriteReason(ref writer);
        to.Write("HTTP/1.1 "u8);
        WriteNumber(to, status);
        to.Write(" "u8);
        to.Write(reason[..writer.Length]);
        to.Write("\r\n"u8);
    }

    private static void WriteNumber(IBufferWriter<byte> to, int number)
    {
        Span<byte> digits = stackalloc byte[10];
        Utf8Formatter.TryFormat(number, digits, out int length);
        to.Write(digits[..length]);
    }
}
