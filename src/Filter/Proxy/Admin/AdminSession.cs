using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Wire;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Admin;

/// <summary>Serves the connections of one metrics endpoint, each for one request. Throws nothing.</summary>
/// <param name="source">What is served.</param>
/// <param name="limits">The limits of size and time.</param>
/// <param name="time">The clock for the limits.</param>
/// <param name="isPort">The endpoint is a TCP port, which web pages can reach.</param>
/// <param name="log">The operational log.</param>
internal sealed partial class AdminSession(
    AdminSource source,
    AdminLimits limits,
    TimeProvider time,
    bool isPort,
    ILogger log
)
{
    private static ReadOnlySpan<byte> ProbePrefix => "/probes/"u8;

    private bool _failed;

    public async Task RunAsync(IDuplexPipe connection, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(limits.Timeout, time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            timeout.Token
        );
        try
        {
            if (await ReadAsync(connection.Input, linked.Token) is not { } requested)
                return;
            byte[] reply = await requested.WaitAsync(linked.Token);
            await connection.Output.WriteAsync(reply, linked.Token);
            await connection.Output.CompleteAsync();
            await DrainAsync(connection.Input, linked.Token);
        }
        catch (Exception exception) when (AsyncConnection.IsEnd(exception))
        {
            // The client is gone, or the time is over.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The gate must not end because its metrics fail. Logged once.
            if (!Interlocked.Exchange(ref _failed, true))
                Log.Unexpected(log, exception);
        }
    }

    /// <returns>The reply once it is made; null if the client has disconnected.</returns>
    private async ValueTask<Task<byte[]>?> ReadAsync(PipeReader input, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[limits.HeadBytesMax];
        RequestHead head = default;
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellationToken);
            // The scanner needs the head in one piece.
            int length = (int)Math.Min(read.Buffer.Length, buffer.Length);
            read.Buffer.Slice(0, length).CopyTo(buffer);
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            ScanResult found = RequestHeadScanner.Scan(buffer.AsSpan(0, length), ref head, buffer.Length);
            if (found != ScanResult.Partial)
                return ReplyTo(in head, buffer.AsSpan(0, length));
            if (read.IsCompleted)
                return null;
        }
    }

    // Reads what the client still sends, since closing with unread bytes would reset the connection before the client
    // has read the reply.
    private static async ValueTask DrainAsync(PipeReader input, CancellationToken cancellationToken)
    {
        bool isAtEnd = false;
        while (!isAtEnd)
        {
            ReadResult read = await input.ReadAsync(cancellationToken);
            input.AdvanceTo(read.Buffer.End);
            isAtEnd = read.IsCompleted;
        }
    }

    // Everything that is needed of the head is read here: the buffer is gone when the reply is made.
    private Task<byte[]> ReplyTo(in RequestHead head, ReadOnlySpan<byte> bytes)
    {
        if (head.Fault != HeadFault.None)
            return Refuse(HeadFaultTexts.Of(head.Fault).Status, HeadFaultTexts.Of(head.Fault).Sentence);
        bool isHead = head.Method(bytes).SequenceEqual("HEAD"u8);
        // On the Unix socket only: a port is for everyone on this machine.
        if (!isPort && head.Path(bytes).StartsWith(ProbePrefix))
            return Task.FromResult(ReplyToProbe(head.Method(bytes), head.Path(bytes)));
        if (isPort && !LoopbackHost.Is(head.Host(bytes)))
            return Refuse(
                403,
                "only programs on this machine are served: use 127.0.0.1 or localhost as the host",
                isHead
            );
        if (!isHead && !head.Method(bytes).SequenceEqual("GET"u8))
            return Refuse(405, "only GET and HEAD are allowed");
        ReadOnlySpan<byte> path = head.Path(bytes);
        if (path.SequenceEqual("/metrics"u8))
            return MetricsAsync(isHead);
        if (path.SequenceEqual("/status.json"u8))
            return StatusAsync(isHead);
        if (path.SequenceEqual("/history.json"u8))
            return HistoryAsync(isHead);
        // Not on the socket: a client that forwards it to a port would be without the check of the host.
        return isPort && AdminPage.Find(path) is { } file
            ? Task.FromResult(AdminReply.Of(file.Content, file.Type, isHead))
            : Refuse(404, "only /metrics, /status.json, /history.json and, on the port, / exist", isHead);
    }

    private static Task<byte[]> Refuse(int status, string sentence, bool isHead = false) =>
        Task.FromResult(AdminReply.Error(status, sentence, isHead));

    private async Task<byte[]> MetricsAsync(bool isHead) =>
        AdminReply.Of(PrometheusText.Write(await source.TakeSnapshot()), PrometheusText.ContentType, isHead);

    private async Task<byte[]> StatusAsync(bool isHead) =>
        AdminReply.Of(SnapshotJson.Write(await source.TakeSnapshot()), "application/json", isHead);

    private byte[] ReplyToProbe(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        if (!method.SequenceEqual("POST"u8))
            return AdminReply.Error(405, "only POST is allowed", allow: "POST");
        if (!ProbePath.TryParse(Encoding.ASCII.GetString(path), out IPEndPoint? client, out IPEndPoint? gate))
            return AdminReply.Error(404, "the path must name both ends of a connection");
        return source.ExpectProbe(client, gate)
            ? AdminReply.Of("expected\n"u8.ToArray(), "text/plain; charset=utf-8", isHead: false)
            : AdminReply.Error(404, "the gate does not listen there, or expects too many connections");
    }

    private Task<byte[]> HistoryAsync(bool isHead) =>
        Task.FromResult(AdminReply.Of(SnapshotJson.Write(source.TakeHistory()), "application/json", isHead));

    private static partial class Log
    {
        [LoggerMessage(
            350,
            LogLevel.Error,
            "Serving metrics failed; the gate is unaffected. Further failures are not logged."
        )]
        public static partial void Unexpected(ILogger logger, Exception exception);
    }
}

/// <summary>
/// Checks that a <c>Host</c> is a loopback address or localhost. The owner of a web page could point any other name at
/// 127.0.0.1, so that the page can read the response (DNS rebinding).
/// </summary>
internal static class LoopbackHost
{
    /// <param name="host">The field's value, which is well-formed; empty if the field is missing.</param>
    public static bool Is(ReadOnlySpan<byte> host)
    {
        string text = Encoding.ASCII.GetString(host);
        int colon = text.LastIndexOf(':');
        string name = colon > text.LastIndexOf(']') ? text[..colon] : text;
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        bool bracketed = name is ['[', .., ']'];
        return IPAddress.TryParse(bracketed ? name.AsSpan(1..^1) : name, out IPAddress? address)
            && IPAddress.IsLoopback(address)
            // IPAddress also parses "1" and "0x7f000001".
            && (bracketed || name.StartsWith("127.", StringComparison.Ordinal));
    }
}

/// <summary>Writes the replies of a metrics endpoint. Each ends its connection.</summary>
internal static class AdminReply
{
    // The page uses only its own files, and text from clients cannot become a script: browsers that know Trusted Types
    // also refuse to parse any text as HTML.
    private const string SecurityFields =
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'\r\n"
        + "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
        + "Cross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n";

    /// <summary>A reply with status 200.</summary>
    /// <param name="content">The content; a reply to HEAD has only its length.</param>
    /// <param name="type">The media type.</param>
    /// <param name="isHead">Whether to omit the content.</param>
    public static byte[] Of(byte[] content, string type, bool isHead) => Write(200, content, type, isHead);

    /// <summary>An error reply.</summary>
    /// <param name="status">The status code; 0 for a TLS client, which cannot read a reply.</param>
    /// <param name="sentence">The reason, without a period.</param>
    /// <param name="isHead">Whether to omit the content.</param>
    /// <param name="allow">The allowed methods, for status 405.</param>
    public static byte[] Error(int status, string sentence, bool isHead = false, string allow = "GET, HEAD") =>
        status == 0
            ? []
            : Write(
                status,
                Encoding.UTF8.GetBytes($"{sentence}.\n"),
                "text/plain; charset=utf-8",
                isHead,
                status == 405 ? $"Allow: {allow}\r\n" : ""
            );

    private static byte[] Write(int status, byte[] content, string type, bool isHead, string fields = "")
    {
        string head =
            $"HTTP/1.1 {status} {PhraseOf(status)}\r\n"
            + $"Content-Type: {type}\r\nContent-Length: {content.Length}\r\nCache-Control: no-store\r\n"
            + $"{SecurityFields}{fields}Connection: close\r\n\r\n";
        return isHead ? Encoding.ASCII.GetBytes(head) : [.. Encoding.ASCII.GetBytes(head), .. content];
    }

    private static string PhraseOf(int status) =>
        status switch
        {
            200 => "OK",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            _ => "Refused",
        };
}
