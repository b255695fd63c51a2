using System.Net;

namespace FastGate.Bench.Load;

/// <summary>A client that connects anew for each request: connect, request and answer are timed, closing is not.</summary>
internal sealed class FreshClient(IPEndPoint endPoint, byte[] request, byte[] content) : IClient
{
    private KeptClient? last;

    public void Exchange()
    {
        last = new KeptClient(endPoint, request, content);
        last.Exchange();
    }

    public bool IsRight()
    {
        bool right = last!.IsRight();
        last.Dispose();
        return right;
    }

    public void Dispose() => last?.Dispose();
}
