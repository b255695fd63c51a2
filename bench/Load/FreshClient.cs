using System.Net;

namespace FastGate.Bench.Load;

/// <summary>A client that connects anew for each request: connect, request and answer are timed, closing is
/// not.</summary>
internal sealed class FreshClient(IPEndPoint endPoint, byte[] request, byte[] content) : IClient
{
    private KeptClient? _last;

    public void Exchange()
    {
        _last = new KeptClient(endPoint, request, content);
        _last.Exchange();
    }

    public bool IsRight()
    {
        bool right = _last!.IsRight();
        _last.Dispose();
        return right;
    }

    public void Dispose() => _last?.Dispose();
}
