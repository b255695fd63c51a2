using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace FastGate.Wire;

/// <summary>Writes the whole HTTP/1.1 responses that the gate gives itself. Allocates nothing.</summary>
internal static class ReplyWriter
{
    /// <summary>The answer to a fault of the head; the connection ends with it. Nothing is written to a TLS client.</summary>
    public static void WriteFault(IBufferWriter<byte> to, HeadFault fault, ReadOnlySpan<byte> path, bool headRequest)
    {
        int status = HeadFaults.Of(fault).Status;
        if (status == 0) return;
        Write(to, status, new Refusal { Kind = RefusalKind.Fault, Fault = fault, Path = path }, headRequest, close: true);
    }

    /// <summary>403: the allowlist has no such request.</summary>
    /// <param name="cure">What would help, in one UTF-8 sentence; empty for the general one.</param>
    public static void WritePolicy(
        IBufferWriter<byte> to, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> cure, bool close) =>
        Write(to, 403, Policy(method, path, cure), IsHead(method), close);

    /// <summary>403: Host is none of the gate's names.</summary>
    public static void WriteHost(
        IBufferWriter<byte> to, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> host, bool close) =>
        Write(to, 403, Host(method, path, host), IsHead(method), close);

    /// <summary>503, and when to try again: Ollama does not answer.</summary>
    /// <param name="upstream">Where it was sought, such as <c>127.0.0.1:11434</c>.</param>
    public static void WriteUnavailable(
        IBufferWriter<byte> to, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> upstream, bool close)
    {
        var refusal = new Refusal
        { Kind = RefusalKind.Unavailable, Method = method, Path = path, Upstream = upstream };
        Write(to, 503, refusal, IsHead(method), close);
    }

    /// <summary>503, and when to try again: the gate itself has nothing left to make a connection with.</summary>
    public static void WriteShortage(
        IBufferWriter<byte> to, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, bool close) =>
        Write(to, 503, new Refusal { Kind = RefusalKind.Shortage, Method = method, Path = path }, IsHead(method), close);

    /// <summary>502: Ollama took the request and ended the connection without an answer, or with one that is none.</summary>
    /// <param name="upstream">Where it is, such as <c>127.0.0.1:11434</c>.</param>
    public static void WriteBadAnswer(
        IBufferWriter<byte> to, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> upstream, bool close)
    {
        var refusal = new Refusal
        { Kind = RefusalKind.BadAnswer, Method = method, Path = path, Upstream = upstream };
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
        MessageOf(new Refusal { Kind = RefusalKind.Fault, Fault = fault, Path = path });

    private static Refusal Policy(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> cure) =>
        new() { Kind = RefusalKind.Policy, Method = method, Path = path, Cure = cure };

    private static Refusal Host(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> host) =>
        new() { Kind = RefusalKind.Host, Method = method, Path = path, Host = host };

    private static bool IsHead(ReadOnlySpan<byte> method) => method.SequenceEqual("HEAD"u8);

    private static string MessageOf(in Refusal refusal)
    {
        Span<byte> text = stackalloc byte[RefusalBody.BytesMax];
        var writer = new SentenceWriter(text, json: false);
        refusal.WriteSentence(ref writer);
        return Encoding.UTF8.GetString(text[..writer.Length]);
    }

    private static void Write(IBufferWriter<byte> to, int status, in Refusal refusal, bool headRequest, bool close)
    {
        Span<byte> body = stackalloc byte[RefusalBody.BytesMax];
        body = body[..RefusalBody.Write(body, refusal, status)];
        to.Write(StatusLine(status));
        to.Write("Content-Type: application/json\r\nContent-Length: "u8);
        WriteNumber(to, body.Length);
        if (status == 503) to.Write("\r\nRetry-After: 1"u8);
        if (close) to.Write("\r\nConnection: close"u8);
        to.Write("\r\n\r\n"u8);
        if (!headRequest) to.Write(body);
    }

    private static ReadOnlySpan<byte> StatusLine(int status) => status switch
    {
        400 => "HTTP/1.1 400 Bad Request\r\n"u8,
        403 => "HTTP/1.1 403 Forbidden\r\n"u8,
        408 => "HTTP/1.1 408 Request Timeout\r\n"u8,
        414 => "HTTP/1.1 414 URI Too Long\r\n"u8,
        431 => "HTTP/1.1 431 Request Header Fields Too Large\r\n"u8,
        501 => "HTTP/1.1 501 Not Implemented\r\n"u8,
        502 => "HTTP/1.1 502 Bad Gateway\r\n"u8,
        503 => "HTTP/1.1 503 Service Unavailable\r\n"u8,
        505 => "HTTP/1.1 505 HTTP Version Not Supported\r\n"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    private static void WriteNumber(IBufferWriter<byte> to, int number)
    {
        Span<byte> digits = stackalloc byte[10];
        Utf8Formatter.TryFormat(number, digits, out int length);
        to.Write(digits[..length]);
    }
}
