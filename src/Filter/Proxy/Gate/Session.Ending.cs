using System.IO.Pipelines;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>How an exchange ends: with another try, a refusal, or its response.</summary>
internal sealed partial class Session
{
    /// <returns>True when the connection had died before the request, and the request can be sent once more.</returns>
    private bool TryAgain()
    {
        if (_pump is not { IsFresh: false } || !_exchange!.TryRetry(_worker.Loop.Now, _worker.Loop.Time))
            return false;
        _pump = null;
        _inHand = 0;
        return true;
    }

    /// <returns>True when the connection goes on.</returns>
    private async ValueTask<bool> RefuseAsync(ReadResult read)
    {
        bool close = _exchange!.EndsWithRefusal;
        if (close)
            _exchange.CloseFor(CloseReason.GateRefused);
        Replies.Write(_client, _exchange, read.Buffer.FirstSpan, _worker.Pool.Name, close);
        int consumed = _exchange.Head.HeadLength + _exchange.ContentAtHand;
        bool isKept =
            !close
            && !_worker.IsDraining
            && read.Buffer.Length > consumed
            && _client.CanReadNow
            && _client.Output.UnflushedBytes < RefusalBytesKept;
        if (!isKept && (await _client.Output.FlushAsync()).IsCompleted)
            _exchange.CloseFor(CloseReason.ClientResponse);
        return EndExchange(read, consumed);
    }

    /// <returns>True when the connection goes on.</returns>
    private async ValueTask<bool> EndExchangeAsync(ReadResult read)
    {
        if (_pump is null)
            return await RefuseAsync(read);
        if (_exchange!.CloseReason == CloseReason.UpstreamFault)
            _worker.LogFault(_exchange);
        // Interim responses may fill the way down: then the client takes no word of the gate's own either.
        if (
            _exchange is { State: ResponseState.Failed, HasPassed: false }
            && _client.InputEnd == InputEnd.Open
            && !_client.IsSending
        )
        {
            Replies.Write(_client, _exchange, read.Buffer.FirstSpan, _worker.Pool.Name, close: true);
            await _client.Output.FlushAsync();
        }
        // An answer that ends with its connection looks whole unless the client's ends badly, too.
        _resetClient = _exchange.State == ResponseState.Failed && _exchange.Response.IsUntilClose;
        return EndExchange(read, _inHand);
    }

    private bool EndExchange(in ReadResult read, int consumed)
    {
        if (_exchange!.Head.EndsConnection)
            _exchange.CloseFor(CloseReason.ClientClose);
        if (_worker.IsDraining)
            _exchange.CloseFor(CloseReason.GateShutdown);
        bool goOn = _exchange.CloseReason == CloseReason.None;
        WriteEntry();
        // What follows has not been looked at yet.
        _client.Input.AdvanceTo(read.Buffer.GetPosition(consumed));
        _inHand = 0;
        return goOn;
    }

    private void WriteEntry()
    {
        ExchangeRecorder.Write(_worker, _policies.Listener, _peer, _exchange!);
        _worker.Return(_exchange!);
        _exchange = null;
    }
}
