using System.Buffers;
using System.Buffers.Text;

namespace FastGate.Proxy.Wire;

/// <summary>Writes the HTTP/1.1 responses that the gate sends itself. Allocates nothing. Any thread.</summary>
internal static class ReplyWriter
{
    /// <summary>Refuses a head with a fault and announces that the connection closes. Writes nothing to a client that
    /// uses TLS.</summary>
    /// <param name="to">Where the response is written.</param>
    /// <param name="fault">The fault of the head.</param>
    /// <param name="headBytesMax">The limit on the head, for <see cref="HeadFault.HeadTooLarge"/>.</param>
    /// <param name="path">As much of the path as was recognized.</param>
    /// <param name="headRequest">The request's method is HEAD.</param>
    public static void WriteFault(
        IBufferWriter<byte> to,
        HeadFault fault,
        int headBytesMax,
        ReadOnlySpan<byte> path,
        bool headRequest
    )
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
                HeadBytesMax = headBytesMax,
                Path = path,
            },
            headRequest,
            close: true
        );
    }

    /// <summary>403: the request is not on the allowlist.</summary>
    /// <param name="to">Where the response is written.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path.</param>
    /// <param name="cure">What to do about it, in one UTF-8 sentence; empty for the general advice.</param>
    /// <param name="close">The connection closes after this response.</param>
    public static void WritePolicy(
        IBufferWriter<byte> to,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> cure,
        bool close
    ) =>
        Write(
            to,
            403,
            new Refusal
            {
                Kind = RefusalKind.Policy,
                Method = method,
                Path = path,
                Cure = cure,
            },
            IsHead(method),
            close
        );

    /// <summary>403: the Host header is not one of the gate's names.</summary>
    public static void WriteHost(
        IBufferWriter<byte> to,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> host,
        bool close
    ) =>
        Write(
            to,
            403,
            new Refusal
            {
                Kind = RefusalKind.Host,
                Method = method,
                Path = path,
                Host = host,
            },
            IsHead(method),
            close
        );

    /// <summary>426: a WebSocket was requested on a path that allows POST; clients then fall back to POST.</summary>
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

    /// <summary>503 with Retry-After: Ollama does not respond.</summary>
    /// <param name="to">Where the response is written.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path.</param>
    /// <param name="upstream">The upstream's address, such as <c>127.0.0.1:11434</c>.</param>
    /// <param name="close">The connection closes after this response.</param>
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

    /// <summary>503 with Retry-After: the gate has no descriptor left for an upstream connection.</summary>
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

    /// <summary>502: Ollama took the request, then closed the connection without a response, or sent an invalid
    /// one.</summary>
    /// <inheritdoc cref="WriteUnavailable"/>
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

    /// <summary>408: the rest of the request did not arrive in time. The connection closes.</summary>
    public static void WriteTimeout(IBufferWriter<byte> to) =>
        Write(to, 408, new Refusal { Kind = RefusalKind.Timeout }, headRequest: false, close: true);

    private static bool IsHead(ReadOnlySpan<byte> method) => method.SequenceEqual("HEAD"u8);

    private static void Write(IBufferWriter<byte> to, int status, in Refusal refusal, bool headRequest, bool close)
    {
        Span<byte> body = stackalloc byte[RefusalBody.BytesMax];
        body = body[..RefusalBody.Write(body, refusal, status)];
        WriteStatusLine(to, status, refusal);
        to.Write("Content-Type: application/json\r\nContent-Length: "u8);
        WriteNumber(to, body.Length);
        if (status == 503)
            to.Write("\r\nRetry-After: 1"u8);
        // A 426 must name the protocol to use in Upgrade (RFC 9110 §15.5.22), which must also be a connection option
        // (§7.8).
        if (status == 426)
            to.Write("\r\nUpgrade: HTTP/1.1\r\nConnection: Upgrade"u8);
        if (close)
            to.Write(status == 426 ? ", close"u8 : "\r\nConnection: close"u8);
        to.Write("\r\n\r\n"u8);
        if (!headRequest)
            to.Write(body);
    }

    // The reason phrase (RFC 9112 §4) is free text. OllamaSharp, Microsoft.Extensions.AI and Codex show only that.
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
