using System.Diagnostics;
using FastGate.Test.Support;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FastGate.Test.StandIn;

/// <summary>
/// Records a request when its head has arrived, then reads its content into memory for the route and the hash.
/// </summary>
internal static class Recorder
{
    /// <summary>Returns false if the content is incomplete, so that no response is due.</summary>
    public static async Task<bool> RecordAsync(HttpContext context, ReceivedRequests seen)
    {
        var content = new TaskCompletionSource<ReceivedContent>(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(() => aborted.TrySetResult(Stopwatch.GetTimestamp()));
        seen.Add(
            new ReceivedRequest(
                context.Connection.Id,
                context.Request.Method,
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                context.Request.Headers.ToDictionary(field => field.Key, field => field.Value.ToString()),
                Stopwatch.GetTimestamp(),
                content.Task,
                aborted.Task
            )
        );

        var read = await ReadContentAsync(context);
        content.SetResult(read);
        return read.Fault is null;
    }

    private static async Task<ReceivedContent> ReadContentAsync(HttpContext context)
    {
        var bytes = new MemoryStream();
        string? fault = null;
        try
        {
            await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            fault = exception.Message;
        }
        bytes.Position = 0;
        context.Request.Body = bytes;
        byte[] whole = bytes.ToArray();
        return new ReceivedContent(bytes.Length, Hash.Of(whole), fault, whole);
    }
}
